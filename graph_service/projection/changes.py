"""Registered changes by entity and day."""

import numpy as np
import pyarrow as pa

from graph_service.projection.arrays import EVER, Floats
from graph_service.projection.graph import Changes
from graph_service.projection.identity import Identity
from graph_service.projection.lookup import NodeIndex, csr_starts
from graph_service.projection.tables import Column, coded, integers, longs, ops, rows_at

# The attributes are canonical JSON; an amount may come in units of ten thousand yuan.
NUMBER = '"{name}":"(?P<n>[0-9][0-9,]*(?:\\.[0-9]+)?)(?P<unit>万?)'
UNIT = 10_000


def changes(table: pa.Table, index: NodeIndex, same: Identity) -> tuple[Changes, tuple[str, ...]]:
    """Changes from CHANGE statements, and the items by code; those of unknown day or entity are left out."""
    places, days = index.places(longs(table, "subject")), integers(table, "valid_from", EVER)
    nodes = np.where(places < 0, places, same.during(np.maximum(places, 0), days, days + 1))
    codes, items = coded(table.column("role"))
    order = np.lexsort((codes, days, nodes))
    order = order[(nodes[order] >= 0) & (days[order] > EVER)]
    attrs = rows_at(table.select(["attrs"]), order).column("attrs")
    nodes = nodes[order].astype(np.int32)
    found = Changes(
        csr_starts(nodes, index.count), codes[order].astype(np.int16), days[order].astype(np.int32),
        _numbers(attrs, "before"), _numbers(attrs, "after"),
    )  # fmt: skip
    return found, items


def _numbers(attrs: Column, name: str) -> Floats:
    """The number that a text of the attributes begins with; NaN where there is none."""
    found = ops.extract_regex(attrs, NUMBER.format(name=name))
    plain = ops.replace_substring(ops.struct_field(found, "n"), ",", "")
    values = np.asarray(plain.cast(pa.float64()).to_numpy(), np.float64)
    is_large = np.asarray(ops.fill_null(ops.equal(ops.struct_field(found, "unit"), "万"), False).to_numpy())
    return np.where(is_large, values * UNIT, values)
