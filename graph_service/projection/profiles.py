"""Names and attributes of entities by the best-ranked source that gives each (一数一源)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graph_service.projection.arrays import EVER, OPEN, AnyArray, Floats, Ints, Longs, Shorts, Smalls
from graph_service.projection.lookup import NodeIndex
from graph_service.projection.ruling import ProjectionRules
from graph_service.projection.tables import Column, Sources, integers, longs, ops, rows_at
from graph_service.projection.texts import Texts, texts_from_arrow
from graph_service.rules.model import find_spelled

LATEST_FIRST = 1 << 31
# The attributes are canonical JSON: `"key":` with bare quotes is a key, since quotes inside texts are escaped.
STATUS, REGION = '"status":"(?P<x>[^"]*)"', '"region":"(?P<x>[0-9]{6})"'
IN_BUSINESS = '"in_business":(?P<x>true|false)'
TYPE, INDUSTRY = '"type":"(?P<x>[^"]*)"', '"industry":"(?P<x>[^"]*)"'
AMOUNT = '"{name}":(?P<x>[0-9]+(?:\\.[0-9]+)?(?:[eE][+]?[0-9]+)?)'
DAY = '"{name}":"(?P<x>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"'
Rows = tuple[Ints, Longs, int]  # node and preference of each statement, number of nodes


@dataclass(frozen=True, slots=True)
class Profiles:
    """Per node what `graph.Nodes` says of it; the words of the codes of statuses, types, industries."""

    labels: Texts
    statuses: Smalls
    in_business: Smalls
    regions: Ints
    types: Smalls
    industries: Shorts
    capital: Floats
    paid_in: Floats
    founded: Ints
    closed: Ints
    words: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Given:
    """What profiles are read with: the day, labels of nodes that no source names, and the rules of types and industries."""

    as_of: int
    fallback: Column
    rules: ProjectionRules

    def family(self, text: str) -> str:
        """The family of company that a text means; empty: unknown."""
        return find_spelled(self.rules.types, text) or ""

    def division(self, text: str) -> str:
        """Section and division that an industry code means; empty: unknown."""
        return "".join(self.rules.industry(text))


def profiles(table: pa.Table, given: Given, index: NodeIndex, sources: Sources) -> Profiles:
    """Profiles on a day."""
    nodes = index.places(longs(table, "subject"))
    keys = _preference(table, sources, given.as_of)
    has_name = np.asarray(ops.is_valid(table.column("name")).to_numpy())
    labels = _labels(table.column("name"), given.fallback, _best(nodes, keys, has_name, index.count))
    chosen = np.flatnonzero(ops.is_valid(table.column("attrs")).to_numpy())
    attrs: Column = rows_at(table.select(["attrs"]), chosen).column("attrs")
    rows = (nodes[chosen], keys[chosen], index.count)
    statuses, status_words = _codes(_attribute(attrs, STATUS, rows), str)
    types, type_words = _codes(_attribute(attrs, TYPE, rows), given.family)
    industries, industry_words = _codes(_attribute(attrs, INDUSTRY, rows), given.division)
    amounts = [_amounts(_attribute(attrs, AMOUNT.format(name=name), rows)) for name in ("capital", "paid_in")]
    founded, closed = (_attribute(attrs, DAY.format(name=name), rows) for name in ("founded", "closed"))
    return Profiles(
        labels,
        statuses.astype(np.int8),
        _flags(_attribute(attrs, IN_BUSINESS, rows)),
        ops.fill_null(_attribute(attrs, REGION, rows).cast(pa.int32()), 0).to_numpy(zero_copy_only=False),
        types.astype(np.int8),
        industries.astype(np.int16),
        amounts[0],
        amounts[1],
        _days(founded, EVER),
        _days(closed, OPEN),
        (status_words, type_words, industry_words),
    )


def _preference(table: pa.Table, sources: Sources, as_of: int) -> Longs:
    """Smaller is better: what holds on the day, then the better-ranked source, then the later start."""
    start, stop = integers(table, "valid_from", EVER), integers(table, "valid_to", OPEN)
    off = ~((start <= as_of) & (as_of < stop))
    rank = sources.order[integers(table, "source", 0)].astype(np.int64)
    return (off.astype(np.int64) << 52) | (rank << 34) | (LATEST_FIRST - start.astype(np.int64))


def _best(nodes: Ints, keys: Longs, usable: AnyArray, count: int) -> Longs:
    """Row of the best usable statement about each node; -1 for none."""
    from graph_service.projection.lookup_kernels import best_rows  # noqa: PLC0415  (loads the compiler)

    return best_rows(nodes, keys, usable, count)


def _labels(names: Column, fallback: Column, best: Longs) -> Texts:
    """Text per node: its best name, else the fallback. Two copies at a time, no more."""
    pieces = [*fallback.cast(pa.large_string()).chunks, *names.cast(pa.large_string()).chunks]
    pool: Column = pa.chunked_array(pieces, pa.large_string())
    own = np.arange(len(best), dtype=np.int64)
    places = np.where(best >= 0, best + len(best), own)
    return texts_from_arrow(ops.fill_null(pool.combine_chunks().take(pa.array(places)), ""))


def _attribute(attrs: Column, pattern: str, rows: Rows) -> Column:
    """What the best source says of each node; null where none does."""
    nodes, keys, count = rows
    found = ops.struct_field(ops.extract_regex(attrs, pattern), "x")
    given = np.asarray(ops.is_valid(found).to_numpy())
    best = _best(nodes, keys, given, count)
    flat = found.combine_chunks()
    return flat.take(pa.array(best, mask=best < 0))


def _codes(values: Column, meaning: Callable[[str], str]) -> tuple[Longs, tuple[str, ...]]:
    """Codes of what texts mean, -1 for nothing, and the meanings in the order of their code, which is alphabetical."""
    encoded = values.dictionary_encode()
    meant = [meaning(str(text)) for text in encoded.dictionary.to_pylist()]
    words = tuple(sorted({word for word in meant if word}))
    rank = np.array([*(words.index(word) if word else -1 for word in meant), -1], np.int64)
    return rank[ops.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)], words


def _amounts(values: Column) -> Floats:
    return np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)


def _days(values: Column, unknown: int) -> Ints:
    """Days of ISO texts; what is no day of the calendar is unknown."""
    read = ops.strptime(values, format="%Y-%m-%d", unit="s", error_is_null=True)
    days = ops.fill_null(read.cast(pa.date32()).cast(pa.int32()), unknown)
    return np.asarray(days.to_numpy(zero_copy_only=False), np.int32)


def _flags(values: Column) -> Smalls:
    """1 for true, 0 for false, -1 for unknown."""
    yes = ops.fill_null(ops.equal(values, "true").cast(pa.int8()), -1)
    return np.asarray(yes.to_numpy(zero_copy_only=False), np.int8)
