"""Relations as edges: canonical ends, one source for each day, both directions."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graph_service.domain.errors import StoreError
from graph_service.projection.arrays import EVER, OPEN, Floats, Ints, Longs, Shorts, Smalls
from graph_service.projection.graph import Edges
from graph_service.projection.identity import Identity
from graph_service.projection.lookup import NodeIndex, csr_starts
from graph_service.projection.tables import Sources, coded, integers, longs, numbers

KIND_SHIFT, OBJECT_SHIFT = 47, 16  # key: 7 bits of kind, 31 of object, 16 of role


@dataclass(frozen=True, slots=True)
class _Rows:
    subjects: Ints
    objects: Ints
    kinds: Smalls
    roles: Shorts
    sources: Shorts
    valid_from: Ints
    valid_to: Ints
    available_from: Ints
    shares: Floats
    votes: Floats
    amounts: Floats


def edges(
    relations: pa.Table, index: NodeIndex, same: Identity, sources: Sources
) -> tuple[Edges, tuple[str, ...]]:
    """Edges from the relation table (without SAME_AS), and the roles by code.

    Of sources that state the same relation (ends, kind, role) the best-ranked one counts on each day; others fill
    the days on which it is silent. Raises StoreError when a relation names an unknown node.
    """
    rows, roles = _rows(relations, index, same, sources)
    return _both_ways(rows, _merged(rows, index.count), index.count), roles


def _rows(
    table: pa.Table, index: NodeIndex, same: Identity, sources: Sources
) -> tuple[_Rows, tuple[str, ...]]:
    roles, words = coded(table.column("role"))
    start, stop = integers(table, "valid_from", EVER), integers(table, "valid_to", OPEN)
    ends = [index.places(longs(table, name)) for name in ("subject", "object")]
    if any(len(e) and e.min() < 0 for e in ends):
        raise StoreError(
            "A relation names an entity that the store does not list; run `credit-graph doctor`."
        )
    subjects, objects = (same.during(e, start, stop) for e in ends)
    rows = _Rows(
        subjects, objects, integers(table, "kind", 0).astype(np.int8), roles.astype(np.int16),
        sources.order[integers(table, "source", 0)].astype(np.int16), start, stop,
        integers(table, "available_from", EVER), numbers(table, "share"), numbers(table, "votes"),
        numbers(table, "amount"),
    )  # fmt: skip
    return rows, words


def _merged(rows: _Rows, count: int) -> tuple[Ints, Ints, Ints]:
    """Item, from and to of each edge, ordered by subject, kind, object, role, source, start."""
    from graph_service.projection import lookup_kernels, merge_kernels  # noqa: PLC0415  (loads the compiler)

    keys = (
        (rows.kinds.astype(np.int64) << KIND_SHIFT)
        | (rows.objects.astype(np.int64) << OBJECT_SHIFT)
        | (rows.roles.astype(np.int64) + 1)
    )
    starts = csr_starts(rows.subjects, count)
    order = lookup_kernels.grouped_by(rows.subjects, starts)
    spans = np.stack([rows.sources.astype(np.int32), rows.valid_from, rows.valid_to, rows.available_from])
    sizes = np.nan_to_num(np.stack([rows.shares, rows.votes, rows.amounts]), nan=-1.0)
    merge_kernels.sort_inside(order, starts, keys, spans, sizes)
    ends = merge_kernels.group_ends(rows.subjects, keys, order)
    return merge_kernels.best_pieces(order, ends, rows.sources, rows.valid_from, rows.valid_to)


def _both_ways(rows: _Rows, pieces: tuple[Ints, Ints, Ints], count: int) -> Edges:
    from graph_service.projection.lookup_kernels import grouped_by  # noqa: PLC0415  (loads the compiler)

    items, start, stop = pieces
    subjects, objects = rows.subjects[items], rows.objects[items]
    ins: Longs = csr_starts(objects, count)
    return Edges(
        subjects, objects, rows.kinds[items], rows.roles[items], rows.sources[items], start, stop,
        rows.available_from[items], rows.shares[items], rows.votes[items], rows.amounts[items],
        csr_starts(subjects, count), ins, grouped_by(objects, ins),
    )  # fmt: skip
