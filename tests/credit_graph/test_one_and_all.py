"""What is said of one entity is what the exports say of it, and goes with the record that it rests on: in a city."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from graph_service import CreditGraph, snapshots
from graph_service.domain.facts import FactKind
from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.domain.intervals import to_day
from graph_service.store.base import GraphStore
from loaders.city import write_city
from loaders.options import LoadOptions
from loaders.pipeline import load_paths
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_questions import exit_of
from tests.graphs import relation

DAY = date(2026, 11, 15)
NOON = datetime(2026, 11, 15, 4, tzinfo=UTC)
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class City:
    store: GraphStore
    home: Path

    def graph(self) -> CreditGraph:
        return CreditGraph.open(self.store.url, home=self.home, clock=lambda: NOON)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("city")
    write_city(folder / "city", 300, 5, person_key=DEMO_PERSON_KEY)
    store = store_at(folder / "s.db")
    load_paths(store, [folder / "city" / "feeds"], LoadOptions(DAY, person_key=DEMO_PERSON_KEY))
    snapshots.refresh(store, folder / "home", as_of=to_day(DAY))
    yield City(store, folder / "home")
    store.close()


@pytest.fixture(scope="module")
def graph(city: City) -> Iterator[CreditGraph]:
    with city.graph() as opened:
        yield opened


def rows_of(graph: CreditGraph, what: str, columns: str) -> Rows:
    """Some columns of an export, missing values as None."""
    cells = graph._frame(what)[columns.split()].astype(object)
    return [tuple(row) for row in cells.where(cells.notna(), None).to_numpy().tolist()]


def by_enterprise(rows: Rows) -> dict[str, Rows]:
    """Rows by their first column, which is left out; sorted."""
    found: dict[str, Rows] = {}
    for first, *rest in rows:
        found.setdefault(str(first), []).append(tuple(rest))
    return {first: sorted(some, key=str) for first, some in found.items()}


def enterprises(graph: CreditGraph) -> list[str]:
    return [
        i
        for i, kind in rows_of(graph, "entities", "id kind")
        if kind in {"enterprise", "individual_business"}
    ]


def owners(graph: CreditGraph, firm: str) -> Rows:
    told = graph.owners(firm, least=0.05, limit=10_000).owners
    return [
        (o.owner.id, o.owner.kind, o.interest_lower, o.interest_upper, o.exact, o.class_.value) for o in told
    ]


def control(graph: CreditGraph, firm: str) -> Rows:
    told = graph.controller(firm).controllers
    return [
        (c.controller.id, c.votes_lower, c.votes_upper, c.depth, c.class_.value, c.basis, c.ultimate)
        for c in told
    ]


def beneficial(graph: CreditGraph, firm: str) -> Rows:
    told = graph.beneficial_owners(firm).beneficial_owners
    return [(b.person.id, b.test, b.lower or None, b.upper or None, b.class_.value) for b in told]


def groups(graph: CreditGraph, firm: str) -> Rows:
    """Its place in each group; a head has no parent."""
    found: Rows = []
    for group in graph.group(firm).groups:
        top, heads = group.controller.id, (group.controller, *group.together)
        found += [(top, None, 0, None) for head in heads if head.id == firm]
        found += [
            (top, m.parent.id if m.parent else None, m.depth, m.votes)
            for m in group.members
            if m.entity.id == firm
        ]
    return found


def associations(graph: CreditGraph, firm: str) -> Rows:
    told = graph.associations(firm).associations
    return [
        (
            a.target.id,
            a.target.kind,
            a.rule,
            a.strength,
            a.hops,
            ";".join(r.fact for r in a.records),
            a.finding,
        )
        for a in told
    ]


ANSWERS = {
    "owners": (owners, "enterprise owner owner_kind interest_lower interest_upper exact class"),
    "control": (control, "enterprise controller votes_lower votes_upper depth class basis ultimate"),
    "beneficial-owners": (beneficial, "enterprise person test lower upper class"),
    "groups": (groups, "enterprise group parent depth votes"),
    "associations": (associations, "enterprise target target_kind rule strength hops records finding"),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_for_one_enterprise_is_its_rows_in_the_export(graph: CreditGraph, what: str) -> None:
    ask, columns = ANSWERS[what]
    exported = by_enterprise(rows_of(graph, what, columns))
    assert len(exported) > 20
    firms = enterprises(graph)
    assert set(exported) <= set(firms) | {e for e in exported if e.startswith(("name:", "regno:"))}
    for firm in firms[::3]:
        assert sorted(ask(graph, firm), key=str) == exported.get(firm, []), firm


def test_the_patterns_told_are_those_of_the_export(graph: CreditGraph) -> None:
    exported = rows_of(graph, "patterns", "kind members score evidence class")
    told = [
        (
            p.kind,
            ";".join(m.id for m in p.members),
            p.score,
            ";".join(s.fact for s in p.evidence),
            p.class_.value,
        )
        for p in graph.patterns(limit=10_000).patterns
    ]
    assert len(told) > 5
    assert sorted(told) == sorted(exported)
    for row in exported:
        for member in row[1].split(";"):
            of_one = graph.patterns(of=member, limit=10_000).patterns
            assert (row[0], row[1]) in [(p.kind, ";".join(m.id for m in p.members)) for p in of_one]


def test_before_the_first_record_every_answer_is_empty_and_says_so(graph: CreditGraph) -> None:
    firm = next(iter(by_enterprise(rows_of(graph, "associations", "enterprise target"))))
    early = graph.at(as_of=date(1949, 10, 1))
    for answer in (early.records(firm), early.associations(firm), early.owners(firm), early.patterns()):
        assert answer.rows() == []
        assert answer.none_found is not None
        assert "1949年10月01日" in answer.none_found.zh
    assert early.controller(firm).controllers == ()
    assert not early.entity(firm).listed


def test_ending_a_record_removes_exactly_what_rested_on_it_before_and_after_a_refresh(city: City) -> None:
    columns = "rule enterprise target path finding"
    with city.graph() as graph:
        before = set(rows_of(graph, "associations", columns))
        listed = {
            r.entity.id: r
            for f in {t for _, _, t, *_ in before}
            for r in graph.records(f).records
            if r.listed
        }
        counts = {e: sum(row[2] == e for row in before) for e in listed}
        target = max(
            (e for e in listed if graph.entity(e).records_in_force.get(listed[e].kind) == 1),
            key=counts.__getitem__,
        )
        gone = [r for r in graph.records(target).records if r.listed]
    exits = [exit_of(target, r.kind, "revoked", "2026-11-14", r.document or "") for r in gone]
    deliver(city.store, exits, "ends", "list_exits")
    with city.graph() as graph:
        stale = set(rows_of(graph, "associations", columns))
    snapshots.refresh(city.store, city.home, as_of=to_day(DAY))
    with city.graph() as graph:
        after = set(rows_of(graph, "associations", columns))
    rested = {row for row in before if row[2] == target}
    assert len(rested) >= 2
    assert before - stale == rested
    assert stale <= before
    named = {row for row in after if row[0] != "nearest_listed"}
    assert named == {row for row in stale if row[0] != "nearest_listed"}
    assert not {row for row in after if row[2] == target}
    assert stale <= after, "others may only move up among the nearest"


def test_paths_between_entities_that_nothing_joins_are_none_and_said(tmp_path: Path) -> None:
    store = store_at(tmp_path / "s.db")
    ends = [f"uscc:9141120{n}MA40AB121R" for n in range(4)]
    joined = [relation(FactKind.GUARANTEES, ends[n], ends[n + 1]) for n in (0, 2)]
    deliver(store, joined)
    for refreshed in (False, True):
        if refreshed:
            snapshots.refresh(store, tmp_path / "home", as_of=to_day(DAY))
        with CreditGraph.open(store.url, home=tmp_path / "home", clock=lambda: NOON) as graph:
            assert len(graph.paths([ends[0]], [ends[1]]).paths) == 1
            found = graph.paths([ends[0]], [ends[3]], mode="all")
        assert (found.paths, found.truncated) == ((), None)
        assert found.none_found is not None
    store.close()


def test_a_hub_with_fifty_thousand_neighbours_is_cut_and_said(tmp_path: Path) -> None:
    store, park, many = store_at(tmp_path / "s.db"), "address:" + "7" * 32, 50_000
    firms = [f"name:{n:032x}" for n in range(many)]
    deliver(store, [relation(FactKind.LOCATED_AT, firm, park) for firm in firms])
    for refreshed in (False, True):
        if refreshed:
            snapshots.refresh(store, tmp_path / "home", as_of=to_day(DAY))
        with CreditGraph.open(store.url, home=tmp_path / "home", clock=lambda: NOON) as graph:
            found, beyond = graph.neighbours(park, limit=100), graph.neighbours(firms[7], depth=3)
        assert len(found.entities) == 101
        assert len(found.relations) == 100
        assert found.truncated is not None
        assert (found.truncated.limit, found.truncated.total) == (100, many)
        assert {e.id: e.hub for e in beyond.entities} == {firms[7]: False, park: True}
    store.close()
