"""Records with what became of them: millions at once where nothing happened, one by one where something did."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graph_service.domain.facts import FactKind
from graph_service.domain.intervals import Interval
from graph_service.domain.sanctions import Exit, Record, RecordLife, record_life
from graph_service.projection.arrays import EVER, OPEN, AnyArray, Ints, Shorts, Smalls
from graph_service.projection.exits import exit_from
from graph_service.projection.graph import OBJECTED, SUSPENDED, Records
from graph_service.projection.identity import Identity
from graph_service.projection.lookup import NodeIndex, csr_starts
from graph_service.projection.ruling import GRADES, ProjectionRules
from graph_service.projection.tables import coded, integers, longs, numbers, ops, rows_at

NOT_ENDED, REPAIRED, REVOKED = 0, 1, 2
Case = tuple[int, str]  # node and record kind


@dataclass(frozen=True, slots=True)
class _Lives:
    """What happened to the few records that something happened to, by their place."""

    valid_to: Ints
    ends: Smalls
    ended_on: Ints
    marks: tuple[tuple[int, int, int, int], ...]  # record, mark kind, from, to


def records(
    table: pa.Table, index: NodeIndex, same: Identity, rules: ProjectionRules
) -> tuple[Records, tuple[str, ...]]:
    """Records by node from the RECORD and EXIT statements, and the record kinds by code."""
    is_record = ops.equal(table.column("kind"), pa.scalar(int(FactKind.RECORD), pa.int16()))
    stated = table.filter(is_record)
    nodes = _nodes(stated, index, same)
    codes, words = coded(stated.column("role"))
    start = integers(stated, "valid_from", EVER)
    stop = integers(stated, "valid_to", OPEN)
    order = np.lexsort((stop, start, codes, nodes))
    order = order[nodes[order] >= 0]
    stated, nodes, codes = rows_at(stated, order), nodes[order], codes[order]
    exits = _exits(table.filter(ops.invert(is_record)), index, same)
    lives = _lives(stated, nodes, exits)
    return _flat(stated, (nodes, codes.astype(np.int16)), words, lives, (index.count, rules)), words


def _nodes(table: pa.Table, index: NodeIndex, same: Identity) -> Ints:
    start, stop = integers(table, "valid_from", EVER), integers(table, "valid_to", OPEN)
    found = index.places(longs(table, "subject"))
    known = np.maximum(found, 0)
    return np.where(found < 0, found, same.during(known, start, np.maximum(stop, start + 1)))


def _exits(table: pa.Table, index: NodeIndex, same: Identity) -> dict[Case, list[Exit]]:
    """Events by node and record kind; one that says no day or no known event is passed over."""
    nodes = _nodes(table, index, same)
    found: dict[Case, list[Exit]] = defaultdict(list)
    rows = zip(
        nodes.tolist(), table.column("role").to_pylist(), table.column("part").to_pylist(),
        table.column("valid_from").to_pylist(), strict=True,
    )  # fmt: skip
    for node, role, part, day in rows:
        event = exit_from(str(node), role, part, day)
        if event is not None and node >= 0:
            found[node, event.kind].append(event)
    return found


def _lives(stated: pa.Table, nodes: Ints, exits: dict[Case, list[Exit]]) -> _Lives:
    valid_to = integers(stated, "valid_to", OPEN).astype(np.int32)
    ends = np.zeros(len(nodes), np.int8)
    ended_on = np.full(len(nodes), OPEN, np.int32)
    marks: list[tuple[int, int, int, int]] = []
    for place, life in _touched(stated, nodes, exits):
        end = life.stands.end
        valid_to[place] = OPEN if end is None else end
        revoked, repaired = life.revoked_on, life.repaired_on
        if revoked is not None or repaired is not None:
            ends[place] = REVOKED if revoked is not None else REPAIRED
            ended_on[place] = min(d for d in (revoked, repaired) if d is not None)
        marks += [(place, OBJECTED, *_days(i)) for i in life.objected]
        marks += [(place, SUSPENDED, *_days(i)) for i in life.suspended]
    return _Lives(valid_to, ends, ended_on, tuple(sorted(marks)))


def _touched(
    stated: pa.Table, nodes: Ints, exits: dict[Case, list[Exit]]
) -> Iterator[tuple[int, RecordLife]]:
    """The life of each record whose entity had an exit of its kind, with the record's place."""
    with_exits = np.unique(np.fromiter((node for node, _ in exits), np.int32))
    places = np.flatnonzero(np.isin(nodes, with_exits))
    few = rows_at(stated, places)
    rows = zip(
        places.tolist(), nodes[places].tolist(), few.column("role").to_pylist(),
        few.column("part").to_pylist(), few.column("valid_from").to_pylist(),
        few.column("valid_to").to_pylist(), strict=True,
    )  # fmt: skip
    for place, node, role, part, start, stop in rows:
        events = exits.get((node, str(role)))
        if events:
            record = Record(str(place), str(node), str(role), part, Interval(start, stop))
            yield place, record_life(record, events, OPEN)


def _days(interval: Interval) -> tuple[int, int]:
    start = EVER if interval.start is None else interval.start
    return start, OPEN if interval.end is None else interval.end


def _flat(
    stated: pa.Table,
    coded_rows: tuple[Ints, Shorts],
    words: tuple[str, ...],
    lives: _Lives,
    bounds: tuple[int, ProjectionRules],
) -> Records:
    nodes, codes = coded_rows
    count, rules = bounds
    grade = np.array([_grade(rules.grades.get(w, "other")) for w in words] or [0], np.int8)
    listed = np.array([w in rules.listed for w in words] or [False], np.bool_)
    marks = np.array(lives.marks, np.int64).reshape(-1, 4)
    return Records(
        csr_starts(nodes, count), codes, integers(stated, "valid_from", EVER), lives.valid_to,
        integers(stated, "available_from", EVER), grade[codes], listed[codes], lives.ends, lives.ended_on,
        numbers(stated, "amount"), csr_starts(marks[:, 0].astype(np.int32), len(nodes)),
        marks[:, 1].astype(np.int8), _column(marks, 2), _column(marks, 3),
    )  # fmt: skip


def _grade(word: str) -> int:
    return GRADES.index(word if word in GRADES else "other")


def _column(marks: AnyArray, place: int) -> Ints:
    return np.ascontiguousarray(marks[:, place]).astype(np.int32)
