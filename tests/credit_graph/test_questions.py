from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph_service import CreditGraph
from graph_service.domain.errors import AmbiguousEntity, UnknownEntity
from graph_service.domain.facts import Fact, FactKind, canonical_json
from graph_service.rules import load_rules
from tests.credit_graph.small_store import deliver, store_at

FIRM = "uscc:91411202MA40AB121R"
OTHER = "uscc:91411202MA40AB13XH"
LI = "person:" + "1" * 32
ADDRESS = "address:" + "2" * 32
TODAY = datetime(2026, 11, 15, 4, tzinfo=UTC)


def day(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1)).days  # noqa: DTZ001


def profile(entity: str, name: str, **attrs: object) -> Fact:
    return Fact("r", FactKind.PROFILE, entity, name=name, attrs=canonical_json(attrs))


def record(entity: str, kind: str, start: str, document: str = "甲1号", end: str | None = None) -> Fact:
    attrs = canonical_json(
        {"document": document, "nature": "decided", "reason": "当事人李伟未履行", "decided": start}
    )
    return Fact(
        "r", FactKind.RECORD, entity, role=kind, part=document, valid_from=day(start),
        valid_to=day(end) if end else None, name="湖滨区人民法院", attrs=attrs, amount=1000.0,
    )  # fmt: skip


def exit_of(entity: str, kind: str, event: str, date: str, document: str = "甲1号") -> Fact:
    attrs = canonical_json({"record_kind": kind, "document": document, "date": date})
    part = f"{kind}|{document}|{date}"
    return Fact("r", FactKind.EXIT, entity, role=event, part=part, valid_from=day(date), attrs=attrs)


FACTS = (
    profile(FIRM, "三门峡曜川建材有限公司", status="1", in_business=True, region="411202", capital=1e6),
    profile(OTHER, "三门峡澄岳建材有限公司", status="1", in_business=True),
    profile(LI, "李伟", masked="411202**********1234", candidate="abc"),
    Fact("r", FactKind.HOLDS, LI, FIRM, share=0.6, valid_from=day("2020-01-01")),
    Fact("r", FactKind.REPRESENTS, LI, OTHER, role="legal_representative", valid_from=day("2021-01-01")),
    Fact("r", FactKind.LOCATED_AT, FIRM, ADDRESS),
    Fact(
        "r", FactKind.CHANGE, FIRM, role="representative", part="2021", valid_from=day("2021-05-01"),
        attrs=canonical_json({"item": "representative", "before": "王小明", "after": "李伟"}),
    ),
    record(FIRM, "dishonest_judgment_debtor", "2025-03-12"),
    record(FIRM, "administrative_penalty", "2019-01-01", "罚1号", "2022-01-01"),
)  # fmt: skip


@pytest.fixture
def url(tmp_path: Path) -> str:
    deliver(store_at(tmp_path / "s.db"), FACTS)
    return f"sqlite:///{tmp_path / 's.db'}"


def opened(url: str, **moment: object) -> CreditGraph:
    return CreditGraph.open(url, clock=lambda: TODAY, **moment)  # type: ignore[arg-type]


def test_an_entity_shows_its_attributes_with_their_sources_and_whether_it_is_listed(url: str) -> None:
    with opened(url) as graph:
        found = graph.entity(FIRM)
    assert (found.id, found.name, found.listed) == (FIRM, "三门峡曜川建材有限公司", True)
    assert found.records_in_force == {"dishonest_judgment_debtor": 1}
    assert found.attributes["capital"] == 1e6
    assert found.sources["capital"] == "registration"


def test_a_bare_code_and_a_name_that_one_entity_bears_name_it_too(url: str) -> None:
    with opened(url) as graph:
        assert graph.entity("91411202MA40AB121R").id == FIRM
        assert graph.entity("三门峡澄岳建材有限公司").id == OTHER


def test_an_unknown_reference_is_an_error(url: str) -> None:
    with opened(url) as graph, pytest.raises(UnknownEntity):
        graph.entity("uscc:91411202MA40AB156C")


def test_an_ambiguous_name_lists_the_candidates(tmp_path: Path) -> None:
    deliver(store_at(tmp_path / "s.db"), [profile(FIRM, "甲公司"), profile(OTHER, "甲公司")])
    with opened(f"sqlite:///{tmp_path / 's.db'}") as graph, pytest.raises(AmbiguousEntity) as refused:
        graph.entity("甲公司")
    assert set(refused.value.candidates) == {FIRM, OTHER}


def test_a_natural_persons_name_is_masked_in_every_answer(url: str) -> None:
    with opened(url) as graph:
        answers = [
            graph.entity(LI), graph.records(FIRM), graph.history(FIRM), graph.history(LI),
            graph.neighbours(FIRM, depth=3), graph.search("李伟"), graph.matches(), graph.hubs(),
        ]  # fmt: skip
        text = "".join(str(a.to_dict()) + str(a.rows()) for a in answers)
    assert "李*" in text
    assert "李伟" not in text
    assert "王小明" not in text
    assert "abc" not in text


def test_records_are_in_force_until_their_end_and_expired_after_it(url: str) -> None:
    with opened(url) as graph:
        found = {r.kind: r for r in graph.records(FIRM).records}
    assert found["dishonest_judgment_debtor"].status == "in_force"
    assert found["administrative_penalty"].status == "expired"
    assert found["dishonest_judgment_debtor"].evidence[0].line == 9
    assert "湖滨区人民法院" in found["dishonest_judgment_debtor"].statement.zh


def test_a_record_is_not_there_before_its_start(url: str) -> None:
    with opened(url, as_of=day("2024-01-01")) as graph:
        assert [r.kind for r in graph.records(FIRM).records] == ["administrative_penalty"]
        assert not graph.entity(FIRM).listed


@pytest.mark.parametrize("event", ["repaired", "revoked"])
def test_a_repaired_or_revoked_record_leaves_every_answer_also_at_an_earlier_moment(
    url: str, event: str
) -> None:
    with opened(url) as graph:
        before = graph.heading()["known_at"]
    store = store_at(Path(url.removeprefix("sqlite:///")))
    deliver(store, [exit_of(FIRM, "dishonest_judgment_debtor", event, "2026-11-01")], "b2")
    for moment in ({}, {"as_of": day("2025-06-01")}, {"known_at": before}):
        with opened(url, **moment) as graph:
            assert "dishonest_judgment_debtor" not in {r.kind for r in graph.records(FIRM).records}
            assert not graph.entity(FIRM).listed
            assert "dishonest_judgment_debtor" not in str(graph.history(FIRM).to_dict())


def test_what_only_a_removed_record_s_row_says_leaves_the_history_with_it(tmp_path: Path) -> None:
    store = store_at(tmp_path / "s.db")
    deliver(store, FACTS)
    listing = record(OTHER, "serious_violation", "2026-01-01", "三市监严7号")
    mention = profile(OTHER, "三门峡澄岳建材公司")
    deliver(store, [listing, mention], "b2", "serious_violation", row=True)
    with opened(store.url) as graph:
        assert "b2.csv" in str(graph.history(OTHER).to_dict())
    deliver(
        store,
        [exit_of(OTHER, "serious_violation", "revoked", "2026-02-01", "三市监严7号")],
        "b3",
        "list_exits",
    )
    with opened(store.url) as graph:
        said = str(graph.history(OTHER).to_dict())
    assert "b2.csv" not in said
    assert "b1.csv" in said


def test_under_objection_a_record_stays_and_is_marked(url: str) -> None:
    store = store_at(Path(url.removeprefix("sqlite:///")))
    deliver(store, [exit_of(FIRM, "dishonest_judgment_debtor", "objected", "2026-11-01")], "b2")
    with opened(url) as graph:
        found = {r.kind: r for r in graph.records(FIRM).records}["dishonest_judgment_debtor"]
        assert found.status == "objected"
        assert "异议" in found.statement.zh
        assert graph.entity(FIRM).listed


def test_neighbours_are_found_step_by_step_and_cut_at_the_limit(url: str) -> None:
    with opened(url) as graph:
        near = graph.neighbours(FIRM)
        far = graph.neighbours(FIRM, depth=2)
        cut = graph.neighbours(FIRM, depth=2, limit=1)
        holders = graph.neighbours(FIRM, kinds=["holds"])
    assert {e.id: e.depth for e in near.entities} == {FIRM: 0, LI: 1, ADDRESS: 1}
    assert {e.id: e.depth for e in far.entities} == {FIRM: 0, LI: 1, ADDRESS: 1, OTHER: 2}
    assert next(e for e in near.entities if e.id == FIRM).listed
    assert len(cut.entities) == 2
    assert cut.truncated is not None
    assert (cut.truncated.limit, cut.truncated.total) == (1, 2)
    assert {r.kind for r in holders.relations} == {"holds"}


def test_answers_become_data_frames_and_graphs(url: str) -> None:
    with opened(url) as graph:
        near = graph.neighbours(FIRM, depth=2)
        records = graph.records(FIRM).to_frame()
    assert set(near.to_networkx()) == {FIRM, LI, ADDRESS, OTHER}
    assert near.to_networkx().number_of_edges() == len(near.relations)
    assert str(records["valid_from"].dtype).startswith("datetime64")


def test_an_answer_names_its_moment(url: str) -> None:
    with opened(url, as_of=day("2024-01-01")) as graph:
        answer = graph.entity(FIRM).to_dict()
    assert answer["as_of"] == "2024-01-01"
    assert (answer["snapshot"], answer["stale"], answer["truncated"]) == (None, False, None)


def test_a_record_cites_its_evidence_its_law_and_what_the_decision_itself_rests_on(tmp_path: Path) -> None:
    kind = load_rules().kind("administrative_penalty")
    fined = record(FIRM, kind.code, "2026-01-01", "罚2号")
    basis = replace(fined, attrs=canonical_json({**fined.attributes, "legal_basis": "产品质量法第四十九条"}))
    deliver(
        store_at(tmp_path / "s.db"),
        [*FACTS[:1], basis, record(FIRM, "dishonest_judgment_debtor", "2025-03-12")],
    )
    with opened(f"sqlite:///{tmp_path / 's.db'}") as graph:
        debtor, penalty = graph.records(FIRM).records
    assert (penalty.legal_basis, penalty.decision_basis) == (kind.source.citation, "产品质量法第四十九条")
    assert "法释〔2017〕7号" in str(debtor.legal_basis)
    assert debtor.decision_basis is None
    assert all(r.evidence and r.evidence[0].line for r in (debtor, penalty))
