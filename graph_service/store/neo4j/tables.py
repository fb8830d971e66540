"""The tables that a projection reads: whole the first time, afterwards what changed since, applied to what was kept.

Kept as Arrow files in a folder of this installation. They are told apart by the store's own id and the content of the
moment at which they were read, so that a restored or another store is read anew.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import feather

from graph_service.domain.facts import FactKind
from graph_service.store.neo4j.bulk import Which, changed, columns, entities
from graph_service.store.neo4j.connection import Server

SEEN = "f.recorded_from <= $t AND (f.recorded_to IS NULL OR f.recorded_to > $t)"
_CAME = f"f.recorded_from > $since AND {SEEN}"
_WENT = "f.recorded_to > $since AND f.recorded_to <= $t AND f.recorded_from <= $since"
_ONE = ("src", "s", "key", "rf", "seg")  # with the kind, these tell one fact from any other
_FORMAT = "1"
_ROW = "row"
Longs = np.ndarray[tuple[int], np.dtype[np.int64]]


class Tables:
    """Bulk tables of one server. Without a folder nothing is kept."""

    def __init__(self, server: Server, folder: Path | None) -> None:
        self._server, self._folder = server, folder

    def facts(self, name: str, kinds: Sequence[int], wanted: Sequence[str], t: int) -> pa.Table:
        """Columns of the facts of these kinds that are seen at the moment `t`."""
        names = tuple(dict.fromkeys((*wanted, *_ONE)))

        def whole() -> pa.Table:
            return self._read(kinds, names, wanted, SEEN, t=t)

        def since(before: int, kept: pa.Table) -> pa.Table:
            came = self._read_changed(
                kinds, names, wanted, ("f.recorded_from > $since", _CAME), since=before, t=t
            )
            went = self._read_changed(
                kinds, names, wanted, ("f.recorded_to > $since", _WENT), since=before, t=t
            )
            gone = went.column(_ROW).to_numpy()
            rows = kept.column(_ROW).to_numpy()
            stays = kept if not len(gone) else kept.filter(pa.array(~np.isin(rows, gone)))
            return pa.concat_tables([stays, came]).combine_chunks()

        return self._kept(name, t, whole, since).drop_columns([_ROW])

    def nodes(self, t: int) -> pa.Table:
        """Node, id, kind and label of every entity that a fact seen at `t` names, ascending by node."""
        there = self.there(t)
        if there is not None:
            found = entities(self._server, "true")
            return found.filter(pa.array(np.isin(found.column("node").to_numpy(), there)))

        def whole() -> pa.Table:
            return entities(self._server, "e.recorded_from <= $t", t=t)

        def since(before: int, kept: pa.Table) -> pa.Table:
            came = entities(
                self._server, "e.recorded_from > $since AND e.recorded_from <= $t", since=before, t=t
            )
            return pa.concat_tables([kept, came]).sort_by("node") if came.num_rows else kept

        return self._kept("nodes", t, whole, since)

    def there(self, t: int) -> Longs | None:
        """Nodes that a fact seen at `t` names, ascending; None: all that there are."""
        ((last, withdrawn),) = self._server.read(
            "MATCH (m:Moment) WITH max(m.number) AS last "
            "RETURN last, EXISTS { MATCH (d:Delivery) WHERE d.withdrawn IS NOT NULL }"
        ) or ((None, False),)
        return self._named(t) if last != t or withdrawn else None

    def _named(self, t: int) -> Longs:
        parts = []
        for table in columns(self._server, [int(k) for k in FactKind], ("s", "o"), Which(SEEN, {"t": t})):
            parts += [table.column("s").to_numpy(), table.column("o").drop_null().to_numpy()]
        return np.unique(np.concatenate(parts)).astype(np.int64) if parts else np.array([], np.int64)

    def _read(
        self, kinds: Sequence[int], names: Sequence[str], wanted: Sequence[str], where: str, **values: object
    ) -> pa.Table:
        return _with_rows(list(columns(self._server, kinds, names, Which(where, values))), wanted)

    def _read_changed(
        self,
        kinds: Sequence[int],
        names: Sequence[str],
        wanted: Sequence[str],
        where: tuple[str, str],
        **values: object,
    ) -> pa.Table:
        """Few rows: found by the index of moments, not by going through all."""
        return _with_rows([changed(self._server, kinds, names, where, **values)], wanted)

    # ------------------------------------------------------------ keeping
    def _kept(
        self, name: str, t: int, whole: Callable[[], pa.Table], since: Callable[[int, pa.Table], pa.Table]
    ) -> pa.Table:
        if self._folder is None:
            return whole()
        found = self._open(self._folder / f"{name}.arrow", t)
        if found is not None and found[0] == t:
            return found[1]
        table = whole() if found is None else since(*found)
        self._save(self._folder / f"{name}.arrow", table, t)
        return table

    def _open(self, path: Path, t: int) -> tuple[int, pa.Table] | None:
        """What was kept and of which moment, if it is of this store and not later than `t`."""
        if not path.exists():
            return None
        try:
            table = feather.read_table(path, memory_map=True)
        except (OSError, pa.ArrowException):
            return None
        said = table.schema.metadata or {}
        before = int(said.get(b"moment", b"-1"))
        if (
            said.get(b"format") != _FORMAT.encode()
            or not 0 < before <= t
            or said.get(b"of") != self._mark(before)
        ):
            return None
        return before, table.replace_schema_metadata(None)

    def _save(self, path: Path, table: pa.Table, t: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        said = {b"format": _FORMAT.encode(), b"moment": str(t).encode(), b"of": self._mark(t)}
        unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            feather.write_feather(table.replace_schema_metadata(said), unfinished, compression="uncompressed")
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)

    def _mark(self, t: int) -> bytes:
        """Which store, with which content at the moment."""
        rows = self._server.read(
            "MATCH (c:CreditGraph) MATCH (m:Moment {number: $t}) RETURN c.uid, m.content, m.recorded", t=t
        )
        return repr(rows).encode()


def _with_rows(tables: list[pa.Table], wanted: Sequence[str]) -> pa.Table:
    """The wanted columns, and a number for each row that tells it from any other."""
    if not tables:
        return pa.table({n: pa.array([], pa.int64()) for n in (*wanted, _ROW)})
    whole = pa.concat_tables(tables)
    row: Longs = np.zeros(whole.num_rows, np.int64)
    with np.errstate(over="ignore"):
        for name in ("kind", *_ONE):
            row = (row ^ whole.column(name).to_numpy()) * np.int64(-7046029254386353131) + np.int64(
                1442695040888963407
            )
            row ^= row >> np.int64(29)
    return whole.select(list(wanted)).append_column(_ROW, pa.array(row))
