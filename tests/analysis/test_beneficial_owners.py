from dataclasses import replace

from graph_service.analysis.beneficial_owners import NEED_NOT_FILE, ON_PROMISE, BeneficialOwners
from graph_service.domain.facts import Fact, FactKind
from graph_service.rules import load_rules
from graph_service.snapshots import Workspace
from tests.graphs import DAY, RULES, beneficial_owners_of, holds, project, related_in, relation

MANAGES, REPRESENTS = FactKind.MANAGES, FactKind.REPRESENTS


def test_a_quarter_is_enough_and_less_is_not() -> None:
    facts = [holds("p:1", "e:1", 0.25), holds("p:2", "e:1", 0.249), holds("p:3", "e:1", 0.501)]
    assert beneficial_owners_of(facts, "e:1") == [("p:1", "equity"), ("p:3", "equity")]


def test_direct_and_indirect_shares_are_summed() -> None:
    facts = [
        holds("p:1", "e:1", 0.1),
        holds("p:1", "e:2", 0.5),
        holds("e:2", "e:1", 0.3),
        holds("p:2", "e:1", 0.6),
    ]
    assert ("p:1", "equity") in beneficial_owners_of(facts, "e:1")


def test_votes_then_control_then_the_manager_then_the_representative() -> None:
    thin = [holds(f"p:x{n}", "e:1", 0.01) for n in range(70)]
    voting = [replace(holds("p:1", "e:1", 0.2), votes=0.4), *thin]
    assert beneficial_owners_of(voting, "e:1") == [("p:1", "votes")]
    chain = [holds("p:1", "e:2", 0.6), holds("e:2", "e:1", 0.3), *thin]
    assert beneficial_owners_of(chain, "e:1") == [("p:1", "votes")]
    agreed = [relation(FactKind.CONTROLS_BY_AGREEMENT, "p:9", "e:1"), *thin]
    assert beneficial_owners_of(agreed, "e:1") == [("p:9", "control")]
    manager = replace(relation(MANAGES, "p:m", "e:1"), role="总经理")
    watcher = replace(relation(MANAGES, "p:w", "e:1"), role="监事")
    leader = relation(REPRESENTS, "p:r", "e:1")
    assert beneficial_owners_of([*thin, manager, watcher, leader], "e:1") == [("p:m", "manager")]
    assert beneficial_owners_of([*thin, watcher, leader], "e:1") == [("p:r", "representative")]


def test_of_what_the_state_owns_it_is_the_representative() -> None:
    facts = [holds("o:treasury", "e:1", 1.0), relation(REPRESENTS, "p:r", "e:1")]
    graph = project(facts, rules=replace(RULES, hub_ids={"o:treasury": "state"}))
    found = Workspace(graph, DAY, load_rules()).results(BeneficialOwners)
    (row,) = found.of(graph.place("e:1"))
    assert (graph.nodes.ids[int(found.persons[row])], int(found.tests[row])) == ("p:r", 4)


def test_an_unknown_share_makes_a_possibility() -> None:
    graph = project([holds("p:1", "e:1", 0.5), holds("p:2", "e:1")])
    found = Workspace(graph, DAY, load_rules()).results(BeneficialOwners)
    rows = found.of(graph.place("e:1"))
    told = {graph.nodes.ids[int(found.persons[r])]: bool(found.possible[r]) for r in rows}
    assert told == {"p:1": False, "p:2": True}


def test_who_need_not_file_and_who_may_promise() -> None:
    def profile(name: str, **attrs: object) -> Fact:
        text = ",".join(
            f'"{k}":"{v}"' if isinstance(v, str) else f'"{k}":{v}' for k, v in sorted(attrs.items())
        )
        return Fact("registry", FactKind.PROFILE, name, attrs="{" + text + "}")

    facts = [
        profile("e:1", capital=1e7, type="有限"), holds("p:1", "e:1", 1.0), profile("e:2", capital=1.1e7, type="有限"),
        holds("p:1", "e:2", 1.0), profile("e:3", capital=1e6, type="有限"), holds("e:1", "e:3", 1.0),
        profile("e:4", capital=1e5, type="独资"),
    ]  # fmt: skip
    rules = replace(RULES, types={"有限": "limited", "独资": "sole_proprietorship"})
    graph = project(facts, rules=rules)
    found = Workspace(graph, DAY, load_rules()).results(BeneficialOwners)
    notes = [int(found.notes[graph.place(f"e:{n}")]) for n in (1, 2, 3, 4)]
    assert notes == [ON_PROMISE, 0, 0, NEED_NOT_FILE]


# ------------------------------------------------------------ related parties
FAMILY = [
    holds("p:1", "e:1", 0.6), holds("p:2", "e:1", 0.28), holds("p:3", "e:1", 0.12), holds("p:1", "e:2", 0.9),
    holds("e:1", "e:3", 0.7), holds("e:1", "e:4", 0.25), relation(MANAGES, "p:m", "e:1"), holds("p:m", "e:5", 0.8),
    holds("p:3", "e:6", 1.0),
]  # fmt: skip


def test_three_definitions_are_told_apart() -> None:
    assert sorted(related_in(FAMILY, "e:1", "company_law")) == [
        ("e:2", "common_controller"), ("e:3", "controlled"), ("e:5", "controlled_by_officer"), ("p:1", "controller"),
        ("p:m", "officer"),
    ]  # fmt: skip
    assert sorted(related_in(FAMILY, "e:1", "cas36")) == [
        ("e:2", "sister"), ("e:3", "subsidiary"), ("e:4", "associate"), ("p:1", "parent"),
        ("p:2", "significant_influence"), ("p:m", "key_manager"),
    ]  # fmt: skip
    five = dict(related_in(FAMILY, "e:1", "five_percent"))
    assert (five["p:3"], five["e:6"], five["e:5"]) == ("holder", "controlled_by_party", "controlled_by_party")


def test_twelve_per_cent_is_no_control_by_any_definition() -> None:
    assert not {role for party, role in related_in(FAMILY, "e:1", "company_law") if party in {"p:3", "e:6"}}
    assert "p:3" not in dict(related_in(FAMILY, "e:1", "cas36"))


def test_the_state_above_makes_no_sisters() -> None:
    facts = [holds("p:state", "e:1", 1.0), *(holds("p:state", f"e:s{n}", 1.0) for n in range(8))]
    assert dict(related_in(facts, "e:1", "company_law")) == {"p:state": "controller"}
    under = [*facts, holds("e:s0", "e:9", 0.3), holds("p:1", "e:9", 0.7), holds("e:s0", "e:s9", 1.0)]
    assert dict(related_in(under, "e:9", "five_percent")) == {
        "p:1": "holder",
        "e:s0": "holder",
        "p:state": "holder",
    }
