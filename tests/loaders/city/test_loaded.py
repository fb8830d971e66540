"""What a load of the feeds yields is what the truth says, and the three planted stories can be told from it."""

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph_service import CreditGraph, snapshots
from graph_service.cli.loading import default_options
from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.store.opening import open_store
from loaders.city import AS_OF, write_city
from loaders.city.streams import day
from loaders.pipeline import load_paths

LISTS = (
    "dishonest_judgment_debtor", "serious_violation", "tax_violation", "wage_arrears", "work_safety",
    "government_procurement",
)  # fmt: skip
MINE, BLAST = "灵宝市宏岭矿业有限公司", "灵宝市岳磊爆破工程有限公司"
OLD, NEW = "三门峡曜川建材有限公司", "三门峡澄岳建材有限公司"
STUDIOS = ("三门峡跃禾健身服务有限公司", "三门峡跃禾体育文化有限公司", "三门峡跃禾健康管理有限公司")
STALLS = ("湖滨区跃禾健身馆", "陕州区跃禾健身馆")


class Loaded:
    """A city and the graph of its feeds, as they stand on its day."""

    def __init__(self, graph: CreditGraph, folder: Path) -> None:
        self.graph, self.folder = graph, folder
        self.truth: dict[str, Any] = json.loads((folder / "truth" / "truth.json").read_text("utf-8"))
        self.ids = set(graph.entities_frame()["id"])
        frame = graph.relations_frame()
        columns = (frame[name] for name in ("kind", "subject", "object"))
        self.relations = set(zip(*columns, strict=True))

    def has(self, kind: str, subject: str, target: str) -> bool:
        """Whether a relation is in the store."""
        return (kind, subject, target) in self.relations

    def around(self, kind: str, target: str) -> set[str]:
        """Subjects of a kind of relation to something."""
        return {s for k, s, o in self.relations if k == kind and o == target}

    def reached(self, firm: str) -> set[str]:
        """Contacts and addresses of a firm."""
        return {o for k, s, o in self.relations if s == firm and k in {"reached_at", "located_at"}}

    def listed(self) -> set[str]:
        """Whoever is on a list, by the records in force or under objection."""
        frame = self.graph.records_frame()
        standing = frame["kind"].isin(LISTS) & frame["status"].isin(["in_force", "objected"])
        return set(frame[standing]["entity"])


def load(folder: Path, enterprises: int, seed: int, individuals: float) -> CreditGraph:
    write_city(folder, enterprises, seed, individuals)
    store = open_store(f"sqlite:///{folder / 's.db'}")
    report = load_paths(store, [folder / "feeds"], default_options(DEMO_PERSON_KEY.decode(), folder))
    assert not report.refused
    snapshots.refresh(store, folder / "home", as_of=AS_OF)
    store.close()
    return CreditGraph.open(store.url, home=folder / "home")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("city")
    with load(folder, 40, 4, 0.2) as graph:
        yield Loaded(graph, folder)


def missing_relations(city: Loaded, pattern: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Relations that a pattern of this kind claims and the store does not hold."""
    firms = [m for m in pattern["members"] if m.startswith("uscc:")]
    ring = list(zip(firms, [*firms[1:], firms[0]], strict=True))
    claimed: dict[str, list[tuple[str, str, str]]] = {
        "cross_holding": [("holds", a, b) for a, b in ring],
        "capital_round": [("holds", a, b) for a, b in ring],
        "guarantee_ring": [("guarantees", a, b) for a, b in ring],
        "mutual_guarantee": [("guarantees", a, b) for a, b in ring],
        "joint_guarantee": [("guarantees", a, firms[0]) for a in firms[1:]],
    }
    return [c for c in claimed.get(pattern["kind"], []) if not city.has(*c)]


def check_truth(city: Loaded) -> None:
    """Ids, relations and listings of the truth are those of the store; chances are of enterprises in it."""
    members = {m for pattern in city.truth["patterns"] for m in pattern["members"]}
    assert members <= city.ids
    assert [m for p in city.truth["patterns"] for m in missing_relations(city, p)] == []
    assert city.listed() == set(city.truth["listed"])
    with (city.folder / "truth" / "hazard.csv").open(encoding="utf-8", newline="") as file:
        assert {row["entity"] for row in csv.DictReader(file)} <= city.ids


def test_the_truth_is_what_a_load_yields(city: Loaded) -> None:
    check_truth(city)


@pytest.mark.soak
@pytest.mark.parametrize(("enterprises", "seed"), [(20, 1), (300, 1), (2000, 7), (2000, 8)])
def test_the_truth_is_what_a_load_yields_at_every_size(tmp_path: Path, enterprises: int, seed: int) -> None:
    with load(tmp_path, enterprises, seed, 0.5) as graph:
        check_truth(Loaded(graph, tmp_path))


def patterns(city: Loaded, kind: str) -> list[list[str]]:
    found = [p["members"] for p in city.truth["patterns"] if p["kind"] == kind]
    assert found
    return found


def test_firms_of_a_reborn_pair_and_of_a_shell_cluster_share_place_and_people(city: Loaded) -> None:
    for old, new in patterns(city, "reborn"):
        assert len(city.reached(old) & city.reached(new)) >= 2
        assert staff(city, old) & staff(city, new)
    for firms in patterns(city, "shell_cluster"):
        assert len(set.intersection(*(city.reached(firm) for firm in firms))) >= 2
        assert len(set().union(*(city.around("holds", firm) for firm in firms))) == 2


def staff(city: Loaded, firm: str) -> set[str]:
    return city.around("manages", firm) | city.around("represents", firm)


def test_a_nominee_holds_what_the_former_owner_manages(city: Loaded) -> None:
    for members in patterns(city, "nominee"):
        straw, real = (m for m in members if m.startswith("person:"))
        for firm in (m for m in members if m.startswith("uscc:")):
            assert city.has("represents", straw, firm)
            assert {straw, real} <= city.around("holds", firm)
            assert city.has("manages", real, firm)


def test_a_sudden_change_shows_in_the_history_of_its_firm(city: Loaded) -> None:
    for members in patterns(city, "sudden_change"):
        firm, owner, heir = members
        assert city.has("represents", heir, firm)
        assert {owner, heir} <= city.around("holds", firm)
        changes = [row for row in city.graph.history(firm).rows() if row["kind"] == "change"]
        turn = max(row["valid_from"] for row in changes if row["role"] == "representative")
        sudden = {row["role"] for row in changes if abs(row["valid_from"] - turn) <= timedelta(days=15)}
        assert {"name", "address", "representative", "holders"} <= sudden


def test_story_a_a_successor_hangs_together_with_the_listed_firm(city: Loaded) -> None:
    graph = city.graph
    old, new = graph.entity(OLD), graph.entity(NEW)
    assert [hit.id for hit in graph.search(OLD).entities] == [old.id]
    assert (old.listed, new.listed) == (True, False)
    since = {r.kind: r.valid_from for r in graph.records(OLD).records}
    assert since["dishonest_judgment_debtor"] == date(2025, 3, 12)
    leads = graph.associations(NEW).associations
    assert {lead.target.id for lead in leads} == {old.id}
    assert [lead.rule for lead in leads] == ["reborn_from_listed"]
    ends = {end.id: end.kind for step in leads[0].path for end in (step.subject, step.object)}
    kinds = [kind for id_, kind in ends.items() if id_ not in {old.id, new.id}]
    assert (kinds.count("person"), kinds.count("address"), "contact" in kinds) == (4, 1, True), kinds
    assert all(lead.records for lead in leads)
    assert len(city.reached(old.id) & city.reached(new.id)) >= 2
    assert len(city.around("manages", old.id) & city.around("manages", new.id)) == 4
    assert len(graph.search("孙启岳").entities) == len(graph.search("周砚川").entities) == 2


def test_story_b_the_ring_reaches_the_mine_and_its_holders_change_in_2026(city: Loaded) -> None:
    graph = city.graph
    assert (graph.entity(MINE).listed, graph.entity(BLAST).listed) == (False, True)
    assert {a.target.name for a in graph.associations(MINE).associations} == {BLAST}
    now = graph.neighbours(MINE, kinds=["holds"]).relations
    before = graph.at(as_of=day("2025-12-31")).neighbours(MINE, kinds=["holds"]).relations
    shares = [{r.subject.name: r.share for r in found if r.object.name == MINE} for found in (now, before)]
    group, parent = "三门峡市国有资本投资集团有限公司", "三门峡曜安实业有限公司"
    assert shares[0] == {parent: 0.45, group: 0.30, "灵宝市宏岭运输有限公司": 0.25}
    assert shares[1] == {parent: 0.45, group: 0.30, "冯*": 0.25}


def test_story_c_five_entities_answer_one_telephone_and_complaints_are_no_list(city: Loaded) -> None:
    graph = city.graph
    found = [graph.entity(name) for name in (*STUDIOS, *STALLS)]
    (shared,) = set.intersection(*(set(phones(city, entity.id)) for entity in found))
    telephone = phones(city, found[0].id)[shared]
    assert shared in {hit.id for hit in graph.search(telephone).entities}
    assert {e.id for e in graph.neighbours(shared).entities} == {shared, *(entity.id for entity in found)}
    assert [entity.listed for entity in found] == [False, True, False, False, False]
    assert found[0].records_in_force["abnormal_operation"] == 1
    kinds = {r.kind: r.status for r in graph.records(STUDIOS[1]).records}
    assert kinds["serious_violation"] == "objected"
    records = [r for entity in found for r in graph.records(entity.id).records]
    assert sum(r.kind == "complaint" for r in records) == 46


def phones(city: Loaded, firm: str) -> dict[str, str]:
    near = city.graph.neighbours(firm, kinds=["reached_at"]).entities
    return {e.id: e.name for e in near if e.kind == "contact" and e.name and e.name.isdigit()}
