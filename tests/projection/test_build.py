from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.errors import UnknownEntity
from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.intervals import from_day
from graph_service.projection import EVER, OPEN, CsrGraph, projection_rules
from graph_service.projection.arrays import named_arrays
from graph_service.rules import load_rules
from graph_service.snapshots import record_lives
from tests.graphs import DAY, LISTED, during, exit_of, holds, listed, project, pyramid, relation
from tests.oracles import best_told
from tests.strategies import histories

Edge = tuple[str, str, int, float | None, str]


def edges_of(graph: CsrGraph, day: int) -> list[Edge]:
    e, ids = graph.edges, graph.nodes.ids
    rows = [
        (
            ids[int(e.subjects[i])],
            ids[int(e.objects[i])],
            int(e.kinds[i]),
            None if np.isnan(e.shares[i]) else float(e.shares[i]),
            graph.words.sources[int(e.sources[i])],
        )
        for i in np.flatnonzero(graph.edges_on(day))
    ]
    return sorted(rows, key=str)


def same_as(one: str, other: str, source: str = "resolution") -> Fact:
    return Fact(source, FactKind.SAME_AS, one, other)


def test_every_relation_is_an_edge_found_from_both_ends() -> None:
    graph = project(pyramid())
    assert len(edges_of(graph, DAY)) == 5
    d = graph.place("e:d")
    incoming = graph.edges.in_edges[graph.edges.ins[d] : graph.edges.ins[d + 1]]
    assert {graph.nodes.ids[int(graph.edges.subjects[e])] for e in incoming} == {"e:b", "e:c"}


def test_an_id_that_is_another_gives_its_relations_to_it() -> None:
    facts = [holds("e:name", "e:firm", 0.5), same_as("e:name", "e:number"), same_as("e:number", "e:code")]
    graph = project(facts)
    assert edges_of(graph, DAY) == [("e:code", "e:firm", 10, 0.5, "registry")]
    assert graph.nodes.ids[graph.place("e:name")] == "e:code"


def test_a_relation_goes_whole_to_the_firm_that_bore_the_name_when_it_began() -> None:
    facts = [
        during(holds("e:name", "e:x"), DAY - 50, None),
        during(holds("e:name", "e:y"), DAY - 5, None),
        during(same_as("e:name", "e:old"), None, DAY - 10),
        during(same_as("e:name", "e:new"), DAY - 10, None),
    ]
    ends = {(s, o) for s, o, *_ in edges_of(project(facts), DAY)}
    assert ends == {("e:old", "e:x"), ("e:new", "e:y")}


def test_an_officers_word_goes_before_a_rules() -> None:
    facts = [holds("e:n", "e:x"), same_as("e:n", "e:b"), same_as("e:n", "e:a", "officer")]
    graph = project(facts, ranks={"officer": 0, "resolution": 9})
    assert edges_of(graph, DAY)[0][0] == "e:a"


def test_ids_that_are_each_other_do_not_hang_the_projection() -> None:
    facts = [holds("e:n", "e:x"), same_as("e:n", "e:m"), same_as("e:m", "e:n")]
    assert len(edges_of(project(facts), DAY)) == 1


def test_of_two_sources_the_better_ranked_counts_and_the_other_fills_its_silence() -> None:
    good = during(holds("p:1", "e:1", 0.4), DAY - 10, DAY)
    other = replace(during(holds("p:1", "e:1", 0.6), DAY - 20, DAY + 20), source="reports")
    graph = project([other, good], ranks={"registry": 1, "reports": 2})
    shares = {day: [row[3] for row in edges_of(graph, day)] for day in (DAY - 15, DAY - 5, DAY + 5, DAY + 25)}
    assert shares == {DAY - 15: [0.6], DAY - 5: [0.4], DAY + 5: [0.6], DAY + 25: []}


def test_two_contracts_of_one_source_stay_two() -> None:
    one = replace(relation(FactKind.GUARANTEES, "e:1", "e:2"), part="甲", amount=1.0)
    assert len(edges_of(project([one, replace(one, part="乙", amount=2.0)]), DAY)) == 2


def test_labels_and_attributes_come_from_the_best_source_that_gives_them() -> None:
    attrs = '{"in_business":false,"region":"411202","scope":"写着\\"status\\":的东西","status":"2"}'
    facts = [
        Fact("registry", FactKind.PROFILE, "e:1", name="三门峡甲有限公司", attrs=attrs),
        Fact("reports", FactKind.PROFILE, "e:1", name="甲公司", attrs='{"region":"411281"}'),
        Fact("reports", FactKind.PROFILE, "e:2", name="乙公司", attrs='{"region":"411281"}'),
        holds("e:3", "e:2"),
    ]
    graph = project(facts, ranks={"registry": 1, "reports": 2})
    one, two, three = (graph.place(f"e:{i}") for i in (1, 2, 3))
    assert graph.nodes.labels.many([one, two, three]) == ["三门峡甲有限公司", "乙公司", "e:3"]
    assert graph.nodes.regions[[one, two, three]].tolist() == [411202, 411281, 0]
    assert graph.nodes.in_business[[one, two, three]].tolist() == [0, -1, -1]
    assert graph.words.statuses[int(graph.nodes.statuses[one])] == "2"


def test_capital_days_type_and_industry_are_read_and_nonsense_is_unknown() -> None:
    attrs = (
        '{"capital":5000000.0,"closed":"2025-02-01","founded":"2018-03-15","industry":"F5112","paid_in":0,'
        '"scope":"\\"capital\\":1","type":"有限责任公司(自然人投资或控股)"}'
    )
    facts = [
        Fact("registry", FactKind.PROFILE, "e:1", attrs=attrs),
        Fact(
            "registry", FactKind.PROFILE, "e:2", attrs='{"founded":"2018-13-30","industry":"?","type":"其他"}'
        ),
    ]
    rules = projection_rules(load_rules(), DAY)
    graph = project(facts, rules=rules)
    one, two, nodes = graph.place("e:1"), graph.place("e:2"), graph.nodes
    assert (nodes.capital[one], nodes.paid_in[one]) == (5e6, 0.0)
    assert [from_day(int(d[one])).isoformat() for d in (nodes.founded, nodes.closed)] == [
        "2018-03-15",
        "2025-02-01",
    ]
    assert graph.words.types[nodes.types[one]] == "limited"
    assert graph.words.industries[nodes.industries[one]] == "F51"
    assert np.isnan([nodes.capital[two], nodes.paid_in[two]]).all()
    assert (nodes.founded[two], nodes.closed[two], nodes.industries[two]) == (EVER, OPEN, -1)


def test_registered_changes_are_those_of_their_entity_in_order_of_days() -> None:
    def change(firm: str, item: str, day: int, attrs: str) -> Fact:
        return Fact("changes", FactKind.CHANGE, firm, role=item, part=item, valid_from=day, attrs=attrs)

    facts = [
        change("e:1", "name", DAY, '{"after":"三门峡乙","before":"三门峡甲"}'),
        change("e:1", "capital", DAY - 9, '{"after":"1,000.5万元","before":"6000000"}'),
        change("e:2", "capital", DAY, "{}"),
    ]
    graph = project(facts)
    one = graph.place("e:1")
    rows = slice(int(graph.changes.starts[one]), int(graph.changes.starts[one + 1]))
    assert [graph.words.items[c] for c in graph.changes.items[rows]] == ["capital", "name"]
    assert graph.changes.days[rows].tolist() == [DAY - 9, DAY]
    assert (graph.changes.before[rows][0], graph.changes.after[rows][0]) == (6e6, 10_005_000.0)
    assert np.isnan(graph.changes.after[rows][1])


def test_the_name_of_the_day_goes_before_a_later_and_a_former_one() -> None:
    def named(name: str, start: int | None, stop: int | None) -> Fact:
        return during(Fact("registry", FactKind.PROFILE, "e:1", name=name), start, stop)

    facts = [named("旧", None, DAY - 5), named("今", DAY - 5, DAY + 5), named("后", DAY + 5, None)]
    assert project(facts).nodes.labels[0] == "今"
    assert project(facts, as_of=DAY + 9).nodes.labels[0] == "后"


def test_an_unknown_entity_is_refused_in_one_sentence() -> None:
    with pytest.raises(UnknownEntity, match=r"No entity has the id 'e:9' in this snapshot"):
        project(pyramid()).place("e:9")


def test_a_repaired_record_lists_nobody_also_on_earlier_days() -> None:
    record = listed("e:1")
    graph = project([record, exit_of(record, "repaired", DAY - 1)])
    assert not graph.seeds_on(DAY - 50).any()
    assert project([record]).seeds_on(DAY - 50).any()


def test_a_repair_in_the_future_does_not_count_yet() -> None:
    record = listed("e:1")
    graph = project([record, exit_of(record, "repaired", DAY + 9)])
    assert graph.seeds_on(DAY).any()
    assert not graph.seeds_on(DAY + 9).any()


def test_an_objection_pauses_and_a_suspension_lifts() -> None:
    record = listed("e:1")
    for event in ("objected", "suspended"):
        graph = project([record, exit_of(record, event, DAY - 1)])
        assert graph.seeds_on(DAY - 2).any()
        assert not graph.seeds_on(DAY).any()


def test_hubs_have_reasons_and_days() -> None:
    named = Fact("officer", FactKind.HUB, "e:1", role="fund", attrs='{"reason":"基金"}', valid_from=DAY)
    at = [relation(FactKind.LOCATED_AT, f"e:{i}", "a:yard") for i in range(4)]
    graph = project([named, *at])
    firm, yard = graph.place("e:1"), graph.place("a:yard")
    assert graph.hub_reason(firm, DAY) == "基金"
    assert graph.hub_reason(firm, DAY - 1) is None
    assert graph.hub_reason(yard, DAY) == "many"
    assert graph.hubs_on(DAY).sum() == 2


@given(histories, st.integers(-6, 6))
def test_as_of_by_mask_is_the_graph_rebuilt_on_that_day(facts: list[Fact], ahead: int) -> None:
    day = DAY + ahead
    assert edges_of(project(facts), day) == edges_of(project(facts, as_of=day), day)


@given(histories)
def test_on_each_day_a_relation_is_told_by_its_best_source_alone(facts: list[Fact]) -> None:
    graph = project(facts, ranks={"registry": 1, "reports": 2})
    for day in (DAY - 4, DAY, DAY + 4):
        expected = [(f.subject, str(f.object), int(f.kind), f.share, f.source) for f in best_told(facts, day)]
        assert edges_of(graph, day) == sorted(expected, key=str)


@given(histories, st.integers(-6, 8))
def test_who_is_listed_follows_the_life_of_each_record(facts: list[Fact], ahead: int) -> None:
    day = DAY + ahead
    graph = project(facts, as_of=day)
    entities = {e for f in facts for e in (f.subject, f.object) if e}
    expected = set()
    for entity in entities:
        mine = [f for f in facts if f.subject == entity and f.kind in {FactKind.RECORD, FactKind.EXIT}]
        if any(life.record.kind in LISTED and life.is_seed(day) for life in record_lives(mine, day)):
            expected.add(entity)
    assert {graph.nodes.ids[int(i)] for i in np.flatnonzero(graph.seeds_on(day))} == expected
    assert {graph.nodes.ids[i] for i in range(graph.node_count) if graph.is_seed(i, day)} == expected


@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_facts_changes_nothing(facts: list[Fact], luck: Random) -> None:
    mixed = list(facts)
    luck.shuffle(mixed)
    for (name, one), (_, other) in zip(
        named_arrays(project(facts)), named_arrays(project(mixed)), strict=True
    ):
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), name
