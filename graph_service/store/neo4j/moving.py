"""A server's whole history as tables, and an empty database filled from such tables, seen by nobody until it is whole."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute

from graph_service.domain.facts import FactKind
from graph_service.store.history import TABLES, History, conformed
from graph_service.store.neo4j import schema
from graph_service.store.neo4j.bulk import Which, columns, entities
from graph_service.store.neo4j.connection import Server
from graph_service.store.neo4j.drawing import Drawing
from graph_service.store.neo4j.lease import Lease
from graph_service.store.neo4j.schema import LABELS, PROPERTIES, fact_map
from graph_service.store.neo4j.work import AT_ONCE, WRITERS, pieces
from graph_service.store.neo4j.writer import Neo4jWriter
from graph_service.store.sqlite.delivery import ALL_UNSETTLED, today
from graph_service.store.sqlite.kinds import is_weak
from graph_service.store.sqlite.rows import tuples

ops: Any = pyarrow.compute
_PIECE = 20_000
_EVERY = tuple(int(k) for k in FactKind)
_SAME_NAMES = {
    "source": {"src": "number", "name": "name", "rank": "rank", "corrects": "corrects", "department": "department",
               "kinds": "kinds"},
    "moment": {"t": "number", "recorded": "recorded", "what": "what", "content": "content"},
    "delivery": {"d": "number", "src": "source", "t": "moment"},
    "node": {"n": "number", "id": "id", "kind": "kind", "weak": "weak", "label": "text"},
    "reject": {"d": "delivery"},
    "note": {"d": "delivery"},
}  # fmt: skip
_LABELS = {
    "source": "Source",
    "moment": "Moment",
    "delivery": "Delivery",
    "node": "Entity",
    "fact": "Fact",
    "statement": "Statement",
    "reject": "Reject",
    "note": "Note",
}


def _properties(name: str) -> list[str]:
    said = PROPERTIES if name in {"fact", "statement"} else _SAME_NAMES[name]
    return [said.get(column, column) for column in TABLES[name].names]


@contextmanager
def history(server: Server) -> Iterator[History]:
    """All that the server holds; nobody may write meanwhile."""
    rows = server.read("MATCH (c:CreditGraph) RETURN c.person_key_fingerprint")
    yield History(rows[0][0] if rows else None, _tables(server))


def _tables(server: Server) -> Iterator[tuple[str, pa.Table]]:
    for name in ("source", "moment", "delivery"):
        yield from _listed(server, name)
    found = entities(server, "true")
    for start in range(0, found.num_rows, _PIECE):
        piece = found.slice(start, _PIECE).rename_columns(["n", "id", "kind", "label"])
        weak = pa.array([is_weak(str(i)) for i in piece.column("id").to_pylist()], pa.int64())
        yield "node", conformed("node", piece.append_column("weak", weak))
    for name in ("fact", "statement"):
        for piece in columns(server, _EVERY, TABLES[name].names, Which(label=_LABELS[name])):
            yield name, conformed(name, piece)
    for name in ("reject", "note"):
        yield from _listed(server, name)


def _listed(server: Server, name: str) -> Iterator[tuple[str, pa.Table]]:
    names = TABLES[name].names
    query = f"MATCH (x:{_LABELS[name]}) RETURN {', '.join(f'x.`{p}`' for p in _properties(name))}"
    for rows in pieces(server.stream(query), _PIECE):
        told = [dict(zip(names, row, strict=True)) for row in rows]
        if name == "source":
            told = [row | {"kinds": sorted(row["kinds"] or ())} for row in told]
        yield name, pa.Table.from_pylist(told, schema=TABLES[name])


@contextmanager
def receiving(server: Server, lease: Lease, wait_seconds: float) -> Iterator["Neo4jReceiver"]:
    """A database in the making. Raises StoreError where it holds something, StoreBusy where another process fills it."""
    schema.prepare_receiving(server)
    lease.take(wait_seconds)
    try:
        with lease.kept():
            receiver = Neo4jReceiver(lease)
            try:
                yield receiver
            finally:
                receiver.close()
    finally:
        lease.leave()


class Neo4jReceiver:
    """Writes to one server."""

    def __init__(self, lease: Lease) -> None:
        self._lease, self._server = lease, lease.server
        self._writers = ThreadPoolExecutor(WRITERS)
        self._is_complete = False
        self._erase()

    def begin(self, person_key_fingerprint: str | None) -> None:
        """Before the first piece."""
        said = "MATCH (c:CreditGraph) SET c.person_key_fingerprint = $key"
        self._lease.write((said, {"key": person_key_fingerprint}))

    def take(self, name: str, rows: pa.Table) -> None:
        """The next piece of a table."""
        if name == "node":
            kinds = rows.column("kind")
            for kind in map(str, kinds.unique().to_pylist()):
                self._write(name, f"Entity:{LABELS[kind]}", rows.filter(ops.equal(kinds, kind)))
        else:
            self._write(name, _LABELS[name], rows)

    def _write(self, name: str, label: str, rows: pa.Table) -> None:
        create = f"UNWIND $rows AS r CREATE (x:{label} {self._map(name)})"
        waiting = [
            self._writers.submit(self._lease.write, (create, {"rows": self._values(name, piece)}))
            for piece in pieces(tuples(rows, TABLES[name].names), AT_ONCE)
        ]
        for one in waiting:
            one.result()

    def _map(self, name: str) -> str:
        if name in {"fact", "statement"}:
            return fact_map(tuple(TABLES[name].names))
        said = ", ".join(f"`{p}`: r[{i}]" for i, p in enumerate(_properties(name)))
        return "{" + said + (", recorded_from: 1" if name == "node" else "") + "}"

    def _values(self, name: str, rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
        if name == "node":
            return [[n, i, kind, bool(weak), text] for n, i, kind, weak, text in rows]
        return [list(row) for row in rows]

    def settle(self) -> None:
        """Search, and what people see in the server's own tools; matches travelled and stay."""
        self._lease.write(("CREATE (:Unsettled {numbers: [$all]})", {"all": ALL_UNSETTLED}))
        Neo4jWriter(self._lease).settle()
        day = today()
        Drawing(self._server, day).whole()
        self._lease.write(("MATCH (c:CreditGraph) SET c.drawn_for = $day", {"day": day}))

    def history(self) -> AbstractContextManager[History]:
        """What has arrived."""
        return history(self._server)

    def complete(self) -> None:
        """From here on it is a store."""
        self._lease.write(("MATCH (c:CreditGraph) REMOVE c.receiving", {}))
        self._is_complete = True

    def close(self) -> None:
        """Throw away what is not a store."""
        self._writers.shutdown(wait=True, cancel_futures=True)
        if not self._is_complete:
            self._erase()
            self._server.write(("MATCH (c:CreditGraph) DELETE c", {}))

    def _erase(self) -> None:
        self._lease.write()
        find = "MATCH (n) WHERE NOT n:CreditGraph"
        self._server.run(f"{find} CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF {AT_ONCE} ROWS")
