"""Tables of a random city, made in memory: what a projection costs apart from reading a store."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph_service.domain.facts import FactKind
from graph_service.projection.tables import Column
from graph_service.store.base import NODES_SCHEMA, RELATIONS_SCHEMA, STATEMENTS_SCHEMA

Numbers = npt.NDArray[np.int64]
SHARES = {
    FactKind.HOLDS: 1.45, FactKind.REPRESENTS: 1.0, FactKind.MANAGES: 1.5, FactKind.LOCATED_AT: 1.0,
    FactKind.REACHED_AT: 1.0,
}  # fmt: skip
FIRST_DAY, LAST_DAY = 14_000, 20_000
LISTED_SHARE = 0.013


@dataclass(frozen=True)
class SyntheticTables:
    """A city of so many enterprises: persons 1.5, addresses 0.9, contacts 0.85 for each; seeded."""

    enterprises: int
    seed: int = 1

    def _random(self, salt: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, salt])

    def _ranges(self) -> dict[str, tuple[int, int]]:
        sizes = {"enterprise": 1.0, "person": 1.5, "address": 0.9, "contact": 0.85}
        ends = np.cumsum([int(self.enterprises * s) for s in sizes.values()])
        return {
            k: (int(e) - int(self.enterprises * s), int(e))
            for (k, s), e in zip(sizes.items(), ends, strict=True)
        }

    def _numbers(self) -> Numbers:
        """Node numbers of the entities in the order of their making; odd, so that they cannot collide by luck."""
        total = max(end for _, end in self._ranges().values())
        mixed = np.arange(1, total + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        return (mixed >> np.uint64(1)).astype(np.int64)

    def nodes(self) -> pa.Table:
        """Entities, ascending by number."""
        numbers = self._numbers()
        order = np.argsort(numbers)
        kinds = np.empty(len(numbers), np.int8)
        for code, (start, end) in enumerate(self._ranges().values()):
            kinds[start:end] = code
        names = _chosen(kinds[order], list(self._ranges()))
        text = pa.array(order).cast(pa.string())
        columns = [pa.array(numbers[order]), text, names, text]
        return pa.Table.from_arrays(columns, schema=NODES_SCHEMA)

    def relation_table(self) -> pa.Table:
        """Relations: most ends are chosen evenly, every thousandth belongs to one of a few hubs."""
        numbers, ranges = self._numbers(), self._ranges()
        parts = []
        for kind, share in SHARES.items():
            rng = self._random(int(kind))
            count = int(self.enterprises * share)
            firms = numbers[rng.integers(*ranges["enterprise"], count)]
            others = numbers[self._others(kind, count, ranges, rng)]
            at_place = kind in {FactKind.LOCATED_AT, FactKind.REACHED_AT}
            ends = (firms, others) if at_place else (others, firms)
            parts.append(_relations(kind, ends, rng))
        return pa.concat_tables(parts)

    def _others(
        self, kind: FactKind, count: int, ranges: dict[str, tuple[int, int]], rng: np.random.Generator
    ) -> Numbers:
        name = {FactKind.LOCATED_AT: "address", FactKind.REACHED_AT: "contact"}.get(kind, "person")
        start, end = ranges[name]
        out = rng.integers(start, end, count)
        hub = rng.random(count) < 0.001
        out[hub] = start + rng.integers(0, 12, int(hub.sum()))
        if kind is FactKind.HOLDS:
            corporate = rng.random(count) < 0.09
            out[corporate] = rng.integers(*ranges["enterprise"], int(corporate.sum()))
        return out

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        """Profiles, or records with a few exits, or no hubs."""
        if FactKind.PROFILE in kinds:
            return self._profiles()
        return self._records() if FactKind.RECORD in kinds else STATEMENTS_SCHEMA.empty_table()

    def _profiles(self) -> pa.Table:
        numbers, (_, end) = self._numbers(), self._ranges()["person"]
        attrs = '{"capital":1000000,"in_business":true,"industry":"F5112","region":"411202","status":"1","type":"有限"}'
        firms = self.enterprises
        filled = pa.concat_arrays([_same(attrs, firms), pa.nulls(end - firms, pa.string())])
        names = _chosen(np.arange(end) % 1000, [f"三门峡{i}商贸" for i in range(1000)])
        return _statements(FactKind.PROFILE, numbers[:end], name=names, attrs=filled)

    def _records(self) -> pa.Table:
        rng, numbers = self._random(99), self._numbers()
        listed = numbers[rng.integers(0, self.enterprises, int(self.enterprises * LISTED_SHARE))]
        other = numbers[rng.integers(0, self.enterprises, self.enterprises)]
        parts = [
            _statements(FactKind.RECORD, listed, role=_same("dishonest_judgment_debtor", len(listed))),
            _statements(FactKind.RECORD, other, role=_same("abnormal_operation", len(other))),
        ]
        ended = listed[::60]
        part = _same("dishonest_judgment_debtor||2024-01-01", len(ended))
        parts.append(_statements(FactKind.EXIT, ended, role=_same("repaired", len(ended)), part=part))
        return pa.concat_tables(parts)


def _chosen(codes: npt.NDArray[Any], texts: list[str]) -> Column:
    """A column of texts by their codes."""
    pool: Column = pa.array(texts)
    return pool.take(pa.array(codes))


def _same(text: str, count: int) -> Column:
    return _chosen(np.zeros(count, np.int8), [text])


def _relations(kind: FactKind, ends: tuple[Numbers, Numbers], rng: np.random.Generator) -> pa.Table:
    count = len(ends[0])
    start = rng.integers(FIRST_DAY, LAST_DAY, count).astype(np.int32)
    gone = rng.random(count) < 0.2
    stop = np.minimum(start + rng.integers(1, 2000, count), LAST_DAY + 1).astype(np.int32)
    share = (
        pa.array(rng.integers(1, 101, count) / 100)
        if kind is FactKind.HOLDS
        else pa.nulls(count, pa.float64())
    )
    role = pa.nulls(count, pa.string()) if kind is FactKind.HOLDS else _same(f"role-{int(kind)}", count)
    none = pa.nulls(count, pa.float64())
    columns = [
        pa.array(np.full(count, int(kind), np.int16)), pa.array(ends[0]), pa.array(ends[1]), role, pa.array(start),
        pa.array(stop, mask=~gone), pa.array(start), share, none, none, pa.array(np.ones(count, np.int16)),
    ]  # fmt: skip
    return pa.Table.from_arrays(columns, schema=RELATIONS_SCHEMA)


def _statements(kind: FactKind, subjects: Numbers, **given: Column) -> pa.Table:
    count = len(subjects)
    columns = {
        "kind": pa.array(np.full(count, int(kind), np.int16)), "subject": pa.array(subjects),
        "valid_from": pa.array(np.full(count, FIRST_DAY, np.int32)), "source": pa.array(np.ones(count, np.int16)),
    } | given  # fmt: skip
    filled = [columns.get(f.name, pa.nulls(count, f.type)) for f in STATEMENTS_SCHEMA]
    return pa.Table.from_arrays(filled, schema=STATEMENTS_SCHEMA)
