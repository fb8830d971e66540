"""Names and attributes of entities by the best-ranked source that gives each (一数一源)."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graph_service.projection.arrays import EVER, OPEN, AnyArray, Ints, Longs, Smalls
from graph_service.projection.lookup import NodeIndex
from graph_service.projection.tables import Column, Sources, integers, longs, ops, rows_at
from graph_service.projection.texts import Texts, texts_from_arrow

LATEST_FIRST = 1 << 31
# The attributes are canonical JSON: `"key":` with bare quotes is a key, since quotes inside texts are escaped.
STATUS, REGION = '"status":"(?P<x>[^"]*)"', '"region":"(?P<x>[0-9]{6})"'
IN_BUSINESS = '"in_business":(?P<x>true|false)'


@dataclass(frozen=True, slots=True)
class Profiles:
    """Per node: label, status code, in business (1, 0, -1), region (0 unknown); `statuses`: words of the codes."""

    labels: Texts
    statuses: Smalls
    in_business: Smalls
    regions: Ints
    words: tuple[str, ...]


def profiles(table: pa.Table, fallback: Column, index: NodeIndex, sources: Sources, as_of: int) -> Profiles:
    """Profiles on a day; `fallback` gives the labels of nodes that no source names."""
    nodes = index.places(longs(table, "subject"))
    keys = _preference(table, sources, as_of)
    has_name = np.asarray(ops.is_valid(table.column("name")).to_numpy())
    labels = _labels(table.column("name"), fallback, _best(nodes, keys, has_name, index.count))
    chosen = np.flatnonzero(ops.is_valid(table.column("attrs")).to_numpy())
    attrs: Column = rows_at(table.select(["attrs"]), chosen).column("attrs")
    rows = (nodes[chosen], keys[chosen], index.count)
    status = _attribute(attrs, STATUS, rows)
    codes = status.dictionary_encode()
    words = tuple(str(w) for w in codes.dictionary.to_pylist())
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.full(len(words) + 1, -1, np.int8)
    rank[order] = np.arange(len(order), dtype=np.int8)
    return Profiles(
        labels,
        rank[ops.fill_null(codes.indices, -1).to_numpy(zero_copy_only=False)],
        _flags(_attribute(attrs, IN_BUSINESS, rows)),
        ops.fill_null(_attribute(attrs, REGION, rows).cast(pa.int32()), 0).to_numpy(zero_copy_only=False),
        tuple(words[i] for i in order),
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


def _attribute(attrs: Column, pattern: str, rows: tuple[Ints, Longs, int]) -> Column:
    """What the best source says of each node; null where none does."""
    nodes, keys, count = rows
    found = ops.struct_field(ops.extract_regex(attrs, pattern), "x")
    given = np.asarray(ops.is_valid(found).to_numpy())
    best = _best(nodes, keys, given, count)
    flat = found.combine_chunks()
    return flat.take(pa.array(best, mask=best < 0))


def _flags(values: Column) -> Smalls:
    """1 for true, 0 for false, -1 for unknown."""
    yes = ops.fill_null(ops.equal(values, "true").cast(pa.int8()), -1)
    return np.asarray(yes.to_numpy(zero_copy_only=False), np.int8)
