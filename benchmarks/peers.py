"""The same answers by this program, by Cypher in Neo4j and by NetworkX, each as one would naturally write it.

    python -m benchmarks.peers [--enterprises N] [--seconds S]

On one random city: the interest of every owner in every enterprise; control of all roots, a least fixpoint; the enterprises
within four relations of each listed entity. The peers get the relations of the day alone, neutral hubs left out, already in
their own form; this program gets its arrays. Nothing that takes longer than `--seconds` is waited for (null). Prints JSON.
"""

import argparse
import json
import multiprocessing
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import neo4j
import networkx as nx
import numpy as np

from benchmarks.analysis import seconds
from benchmarks.projection import synthetic
from benchmarks.synthetic import LAST_DAY
from graph_service.analysis.associations import nearest_listed
from graph_service.analysis.control import Control
from graph_service.analysis.ownership import Interests
from graph_service.analysis.stakes import Stakes
from graph_service.domain.facts import RELATIONS
from graph_service.rules import load_rules
from graph_service.snapshots import Workspace, association_rules
from tests.graphs import DAY, listed, project, pyramid
from tests.neo4j_server import LocalServer

BATCH, HOPS, DEPTH = 10_000, 4, 12
Figures = dict[str, float | None]
INTERESTS = (
    f"MATCH p = (o)-[:HOLDS*1..{DEPTH}]->(e) WHERE o <> e "
    "WITH o, e, sum(reduce(part = 1.0, h IN relationships(p) | part * h.share)) AS interest "
    "RETURN count(*) AS told"
)
CONTROL = (
    "MATCH (x)-[:CONTROLS*0..1]->(z)-[h:HOLDS]->(y) WHERE x <> y "
    "WITH x, y, sum(h.votes) AS votes WHERE votes > 0.5 + 1e-9 AND NOT (x)-[:CONTROLS]->(y) "
    "CREATE (x)-[:CONTROLS]->(y) RETURN count(*) AS told"
)
NEAR = f"MATCH (l:Listed) CALL (l) {{ MATCH (l)-[*1..{HOPS}]-(e:Enterprise) WHERE e <> l RETURN DISTINCT e }} RETURN count(*) AS told"


@dataclass(frozen=True)
class City:
    """What everyone is given: entities with their kind, stakes (holder, held, capital, votes), pairs of relations, listed ones."""

    kinds: list[str]
    stakes: list[tuple[int, int, float, float]]
    pairs: list[tuple[int, int]]
    listed: list[int]


def city_of(work: Workspace) -> City:
    """The relations of the day without neutral hubs, as plain Python values."""
    graph, held = work.graph, work.results(Stakes)
    hubs = graph.hubs_on(LAST_DAY)
    e, on = graph.edges, graph.edges_on(LAST_DAY, RELATIONS)
    on &= ~hubs[e.subjects] & ~hubs[e.objects]
    kinds = [graph.words.node_kinds[k] for k in graph.nodes.kinds]
    rows = zip(
        held.holders.tolist(), held.held.tolist(), held.shares.tolist(), held.votes.tolist(), strict=True
    )
    pairs = list(zip(e.subjects[on].tolist(), e.objects[on].tolist(), strict=True))
    return City(kinds, list(rows), pairs, np.flatnonzero(graph.seeds_on(LAST_DAY)).tolist())


# ------------------------------------------------------------ this program
def ours(work: Workspace) -> Figures:
    """Seconds of the parts, compiled before."""
    small = Workspace(project([*pyramid(), listed("e:d")]), DAY, load_rules())
    rules = association_rules(load_rules(), LAST_DAY)
    nearest_listed(small.graph, rules, DAY)
    small.results(Interests), small.results(Control)
    return {
        "interests_s": seconds(lambda: work.results(Interests)),
        "control_s": seconds(lambda: work.results(Control)),
        "near_listed_s": seconds(lambda: nearest_listed(work.graph, rules, LAST_DAY)),
    }


# ------------------------------------------------------------ NetworkX
def nx_interests(city: City) -> int:
    """Products of shares along all chains without a node twice, summed for each owner."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_weighted_edges_from((h, c, s) for h, c, s, _ in city.stakes)
    told: dict[tuple[int, int], float] = defaultdict(float)
    for company in [n for n in graph if graph.in_degree(n)]:
        stack = [(company, 1.0, frozenset([company]))]
        while stack:
            node, share, seen = stack.pop()
            for holder, data in graph.pred[node].items():
                if holder not in seen:
                    told[holder, company] += share * data["weight"]
                    stack.append((holder, share * data["weight"], seen | {holder}))
    return len(told)


def nx_control(city: City) -> int:
    """For each holder the set that it controls, grown until nothing is added."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_weighted_edges_from((h, c, v) for h, c, _, v in city.stakes)
    told = 0
    for root in [n for n in graph if graph.out_degree(n)]:
        mine, grew = {root}, True
        while grew:
            votes: dict[int, float] = defaultdict(float)
            for one in mine:
                for company, data in graph.succ[one].items():
                    votes[company] += data["weight"]
            new = {c for c, v in votes.items() if v > 0.5 + 1e-9} - mine
            mine |= new
            grew = bool(new)
        told += len(mine) - 1
    return told


def nx_near(city: City) -> int:
    """Breadth-first search from each listed entity."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_edges_from(city.pairs)
    told = 0
    for one in city.listed:
        if one in graph:
            near = nx.single_source_shortest_path_length(graph, one, cutoff=HOPS)
            told += sum(city.kinds[n] == "enterprise" for n in near)
    return told


def within(limit: int, call: Callable[[City], int], city: City) -> float | None:
    """Seconds of a call in a process of its own; None when it takes longer than the limit."""
    context = multiprocessing.get_context("fork")
    ours_end, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=lambda: theirs.send(seconds(lambda: call(city))))
    worker.start()
    done = ours_end.poll(limit)
    found = float(ours_end.recv()) if done else None
    worker.kill()
    worker.join()
    return found


# ------------------------------------------------------------ Cypher
@contextmanager
def filled(folder: Path, city: City) -> Iterator[neo4j.Driver]:
    """A server with the city, indexed by the number of an entity."""
    server = LocalServer(folder, heap="4g", page_cache="2g", is_light=False)
    server.start()
    driver = neo4j.GraphDatabase.driver(server.url, auth=None)
    run(driver, "CREATE CONSTRAINT FOR (e:Entity) REQUIRE e.n IS UNIQUE", None)
    nodes = [{"n": n, "kind": kind.capitalize()} for n, kind in enumerate(city.kinds)]
    for label in sorted({str(node["kind"]) for node in nodes}):
        mine = [node for node in nodes if node["kind"] == label]
        batches(driver, f"UNWIND $rows AS r CREATE (:Entity:{label} {{n: r.n}})", mine)
    batches(driver, "UNWIND $rows AS r MATCH (e:Entity {n: r}) SET e:Listed", city.listed)
    between = "UNWIND $rows AS r MATCH (a:Entity {n: r[0]}) MATCH (b:Entity {n: r[1]}) CREATE (a)-[h:"
    batches(
        driver, between + "HOLDS]->(b) SET h.share = r[2], h.votes = r[3]", [list(s) for s in city.stakes]
    )
    holdings = {(h, c) for h, c, _, _ in city.stakes}
    others = [list(p) for p in city.pairs if p not in holdings]
    batches(driver, between + "JOINED]->(b)", others)
    try:
        yield driver
    finally:
        driver.close()
        server.stop()
        shutil.rmtree(folder)


def batches(driver: neo4j.Driver, query: str, rows: list[Any]) -> None:
    """Write rows, so many in a transaction."""
    for start in range(0, len(rows), BATCH):
        run(driver, query, None, rows=rows[start : start + BATCH])


def run(driver: neo4j.Driver, query: str, limit: float | None, **given: Any) -> int:
    """What one query tells; it is stopped at the limit."""
    with driver.session() as session, session.begin_transaction(timeout=limit) as transaction:
        record = transaction.run(query, given).single()
        transaction.commit()
    return int(record["told"]) if record else 0


def cypher(folder: Path, city: City, limit: int) -> Figures:
    """Seconds of each query; control in rounds until one adds nothing."""

    def controlled(driver: neo4j.Driver) -> None:
        while run(driver, CONTROL, limit):
            pass

    with filled(folder, city) as driver:
        return {
            "interests_s": finished(lambda: run(driver, INTERESTS, limit)),
            "near_listed_s": finished(lambda: run(driver, NEAR, limit)),
            "control_s": finished(lambda: controlled(driver)),
        }


def finished(call: Callable[[], object]) -> float | None:
    """Seconds of a call; None when the server stopped it, for its time or for want of memory."""
    try:
        return seconds(call)
    except neo4j.exceptions.Neo4jError:
        return None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--enterprises", type=int, default=200_000)
    parser.add_argument("--seconds", type=int, default=600, help="what is not waited for longer")
    asked = parser.parse_args()
    work = Workspace(synthetic(asked.enterprises), LAST_DAY, load_rules())
    city = city_of(work)
    figures: dict[str, Any] = {
        "enterprises": asked.enterprises,
        "stakes": len(city.stakes),
        "listed": len(city.listed),
    }
    figures["ours"] = ours(work)
    peers: dict[str, Callable[[City], int]] = {
        "interests_s": nx_interests,
        "control_s": nx_control,
        "near_listed_s": nx_near,
    }
    figures["networkx"] = {name: within(asked.seconds, call, city) for name, call in peers.items()}
    with tempfile.TemporaryDirectory() as folder:
        figures["cypher"] = cypher(Path(folder) / "server", city, asked.seconds)
    for peer in ("networkx", "cypher"):
        figures[f"{peer}_ratio"] = {k: s and s / figures["ours"][k] for k, s in figures[peer].items()}
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
