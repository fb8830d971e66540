"""A city in Neo4j beside a bare loop of `UNWIND … MERGE`, single questions beside bare Cypher, and projections.

    python -m benchmarks.neo4j city [--enterprises N]          load, the bare loop, look-ups, projection, a delta
    python -m benchmarks.neo4j projection [--enterprises N]    a projection of a random city, whole and by a delta

Servers are started from Maven artifacts on loopback and stopped at the end; each part prints figures as JSON.
"""

import argparse
import datetime as dt
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j
import numpy as np
import pyarrow as pa

from benchmarks.city import changed_rows
from benchmarks.questions import ASKED, chosen
from benchmarks.synthetic import LAST_DAY, SyntheticTables
from graph_service.domain.facts import RELATIONS, FactKind
from graph_service.projection import Moment, projection_rules
from graph_service.rules import load_rules
from graph_service.snapshots import project
from graph_service.store.base import GraphStore
from graph_service.store.history import TABLES
from graph_service.store.neo4j import Neo4jStore
from graph_service.store.neo4j.connection import Login
from graph_service.store.neo4j.schema import LABELS
from loaders.city import write_city
from loaders.options import LoadOptions
from loaders.pipeline import load_paths
from tests.neo4j_server import LocalServer

BATCH = 10_000
Figures = dict[str, float]
_CHANGE = (
    "MATCH (f:Fact) WHERE f.kind = $kind AND f.subject > 0 AND f.key IS NOT NULL AND f.recorded_to IS NULL "
    "WITH f LIMIT $rows SET f.recorded_to = 2 "
    "CREATE (g:Fact) SET g = properties(f), g.recorded_from = 2, g.recorded_to = null, g.valid_from = 1"
)


@contextmanager
def server(folder: Path) -> Iterator[LocalServer]:
    """A server with room, stopped and removed afterwards."""
    running = LocalServer(folder, heap="4g", page_cache="4g", is_light=False)
    running.start()
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder)


def seconds(call: Callable[[], object]) -> float:
    """How long it takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


# ------------------------------------------------------------ a city
def city(folder: Path, enterprises: int) -> Figures:
    """Loading beside the bare loop, one after the other on a fresh server each; then questions and projections."""
    write_city(folder / "city", enterprises, 7, 0.0)
    options = LoadOptions(today=dt.date(2026, 11, 15), person_key=b"benchmark")
    figures: Figures = {}
    with server(folder / "ours") as running:
        store = Neo4jStore(Login(running.url), folder / "tables")
        figures["load_s"] = seconds(lambda: load_paths(store, [folder / "city/feeds"], options))
        figures |= look_ups(store, running.url)
        figures |= projections(store)
        delta = changed_rows(folder / "city/feeds", folder, 10_000)
        figures["delta_of_10000_rows_s"] = seconds(lambda: load_paths(store, [delta], options))
        figures["projection_after_delta_s"] = projections(store)["projection_s"]
        entities, facts = plain(store)
        store.close()
    with server(folder / "bare") as running:
        loop = Bare(running.url)
        figures["bare_loop_s"] = seconds(lambda: loop.write(entities, facts))
        loop.close()
    figures["entities"] = sum(map(len, entities.values()))
    figures["facts"] = sum(map(len, facts.values()))
    figures["facts_per_s"] = figures["facts"] / figures["load_s"]
    figures["bare_facts_per_s"] = figures["facts"] / figures["bare_loop_s"]
    figures["of_the_bare_loop"] = figures["bare_loop_s"] / figures["load_s"]
    return figures


Rows = list[dict[str, Any]]


def plain(store: GraphStore) -> tuple[dict[str, Rows], dict[FactKind, Rows]]:
    """Entities by kind, and what is visible now by kind, as a program without history would hand it to the driver."""
    entities: dict[str, Rows] = {}
    facts: dict[FactKind, Rows] = {}
    wanted = ("s", "o", "role", "part", "vf", "vt", "share", "votes", "amount", "name", "attrs")
    with store.history() as history:
        for name, piece in history.tables:
            if name == "node":
                for row in piece.to_pylist():
                    entities.setdefault(row["kind"], []).append({"n": row["n"], "id": row["id"]})
            if name == "fact":
                for row in piece.to_pylist():
                    if row["rt"] is None:
                        facts.setdefault(FactKind(row["kind"]), []).append({c: row[c] for c in wanted})
    return entities, facts


class Bare:
    """What one would write by hand: a constraint for each label, batches of maps, MERGE, no history."""

    def __init__(self, url: str) -> None:
        self._driver = neo4j.GraphDatabase.driver(url, auth=None)

    def write(self, entities: dict[str, Rows], facts: dict[FactKind, Rows]) -> None:
        """Entities first, then what is said about each, then what joins them."""
        self._run("CREATE CONSTRAINT IF NOT EXISTS FOR (e:Entity) REQUIRE e.n IS UNIQUE")
        for label, rows in entities.items():
            self._batches(
                f"UNWIND $rows AS r MERGE (e:Entity {{n: r.n}}) SET e:{LABELS[label]}, e.id = r.id", rows
            )
        of = "UNWIND $rows AS r MATCH (e:Entity {n: r.s}) "
        for kind, rows in sorted(facts.items()):
            if kind is FactKind.PROFILE:
                self._batches(f"{of} SET e.name = r.name, e.attributes = r.attrs", rows)
            elif kind in RELATIONS or kind is FactKind.SAME_AS:
                joined = f"{of} MATCH (o:Entity {{n: r.o}}) MERGE (e)-[x:{FactKind(kind).name} {{key: coalesce(r.role, '')}}]->(o) "
                self._batches(
                    joined + "SET x.since = r.vf, x.until = r.vt, x.share = r.share, x.amount = r.amount",
                    rows,
                )
            else:
                key = "{kind: coalesce(r.role, ''), document: coalesce(r.part, '')}"
                said = f"{of} MERGE (e)-[:HAS]->(x:{kind.name.capitalize()} {key}) "
                self._batches(
                    said + "SET x.since = r.vf, x.until = r.vt, x.amount = r.amount, x.name = r.name", rows
                )

    def _batches(self, query: str, rows: Rows) -> None:
        for start in range(0, len(rows), BATCH):
            self._run(query, rows[start : start + BATCH])

    def _run(self, query: str, rows: Rows | None = None) -> None:
        with self._driver.session() as session:
            session.execute_write(lambda tx: tx.run(query, rows=rows).consume())

    def close(self) -> None:
        """Let go of the connections."""
        self._driver.close()


# ------------------------------------------------------------ questions
def look_ups(store: GraphStore, url: str) -> Figures:
    """Milliseconds of an entity's id and attributes: by the port, and by the shortest Cypher that returns them."""
    view = store.view()
    ids, _ = chosen(view)
    figures: Figures = {}
    with neo4j.GraphDatabase.driver(url, auth=None) as driver, driver.session() as session:

        def bare(entity: str) -> object:
            return session.run("MATCH (e:Enterprise {id: $id}) RETURN e", id=entity).single(strict=True)

        for name, ask in (("bare", bare), ("find", view.find), ("profile", store.view().profile)):
            for entity in ids[:50]:
                ask(entity)
            took = sorted(seconds(lambda e=entity, a=ask: a(e)) for entity in ids[50:ASKED])  # type: ignore[misc]
            figures[f"{name}_median_ms"] = 1000 * took[len(took) // 2]
            figures[f"{name}_p99_ms"] = 1000 * took[len(took) * 99 // 100]
    figures["profile_over_bare"] = figures["profile_median_ms"] / figures["bare_median_ms"]
    return figures


# ------------------------------------------------------------ projections
def projections(store: GraphStore) -> Figures:
    """Seconds of reading what a projection is made from, and of the whole projection."""
    view = store.view(LAST_DAY)
    rules = projection_rules(load_rules(), LAST_DAY)
    figures: Figures = {}
    started = time.perf_counter()
    moment = Moment(store.content(), LAST_DAY, view.known_at, LAST_DAY)
    graph = project(store, view, rules, moment)
    figures["projection_s"] = time.perf_counter() - started
    figures |= {"nodes": graph.node_count, "edges": graph.edge_count}
    return figures


def projection(folder: Path, enterprises: int) -> Figures:
    """A random city straight into the ledger, a projection of it, a delivery of 10,000 rows, a projection by delta."""
    figures: Figures = {}
    with server(folder / "server") as running:
        store = Neo4jStore(Login(running.url), folder / "tables")
        figures["filled_s"] = seconds(lambda: fill(store, SyntheticTables(enterprises)))
        figures |= projections(store)
        figures["facts_changed"] = change(store, 10_000)
        figures |= {f"delta_{name}": value for name, value in projections(store).items()}
        store.close()
    return figures


def fill(store: Neo4jStore, tables: SyntheticTables) -> None:
    """The random city as one delivery that nothing but projections will be asked about."""
    with store.receiving() as receiver:
        receiver.begin(None)
        source = {
            "src": 1,
            "name": "registration",
            "rank": 1,
            "corrects": "",
            "department": None,
            "kinds": [],
        }
        receiver.take("source", pa.Table.from_pylist([source], schema=TABLES["source"]))
        moment = {"t": 1, "recorded": 1, "what": "load", "content": f"{1:032x}"}
        receiver.take("moment", pa.Table.from_pylist([moment], schema=TABLES["moment"]))
        nodes = tables.nodes()
        weak = pa.array(np.zeros(nodes.num_rows, np.int64))
        named = nodes.rename_columns(["n", "id", "kind", "label"]).append_column("weak", weak)
        receiver.take("node", named.select(TABLES["node"].names).cast(TABLES["node"]))
        kinds = (FactKind.PROFILE, FactKind.RECORD)
        for table in (tables.relation_table(), *(tables.statement_table((kind,)) for kind in kinds)):
            receiver.take("fact", _facts(table))
        receiver.complete()


def _facts(table: pa.Table) -> pa.Table:
    """Rows of the ledger from rows of a projection's table; each with a key of its own."""
    count = table.num_rows
    names = {"kind": "kind", "subject": "s", "object": "o", "role": "role", "part": "part", "valid_from": "vf",
             "valid_to": "vt", "available_from": "av", "share": "share", "votes": "votes", "amount": "amount",
             "name": "name", "attrs": "attrs"}  # fmt: skip
    given: dict[str, Any] = {
        short: table.column(long) for long, short in names.items() if long in table.column_names
    }
    given |= {"key": pa.array(np.arange(count)), "line": pa.array(np.arange(count))}
    given |= {c: pa.array(np.full(count, 1)) for c in ("src", "rf", "d", "simple")}
    given |= {c: pa.array(np.zeros(count, np.int64)) for c in ("seg", "file")}
    columns = [
        given[f.name].cast(f.type) if f.name in given else pa.nulls(count, f.type) for f in TABLES["fact"]
    ]
    return pa.Table.from_arrays(columns, schema=TABLES["fact"])


def change(store: Neo4jStore, rows: int) -> int:
    """Close so many relations and state as many others, as a delivery would, in one moment."""
    from graph_service.store.neo4j.connection import Server  # noqa: PLC0415  (what no user may do by hand)

    server_ = Server(Login(store.url))
    values: dict[str, object] = {"kind": int(FactKind.REPRESENTS), "rows": rows}
    server_.write(
        (_CHANGE, values), ("CREATE (:Moment {number: 2, recorded: 2, what: 'load', content: '2'})", {})
    )
    server_.close()
    return rows


def main() -> None:
    """Measure in a folder of its own, which goes afterwards."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("city", "projection"))
    parser.add_argument("--enterprises", type=int)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="credit-graph-neo4j-"))
    try:
        measure, usual = {"city": (city, 200_000), "projection": (projection, 2_000_000)}[asked.what]
        figures = measure(folder, asked.enterprises or usual)
        print(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=1))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
