"""What officers say of findings: cleared ones stay away until their evidence changes; everything can be undone."""

from pathlib import Path

import pytest

from graph_service import CreditGraph, snapshots
from graph_service.domain.errors import CreditGraphError, UnknownFinding, WrongCall
from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.findings import Mark, evidence_hash, finding_id
from graph_service.results import Association
from graph_service.store.base import GraphStore
from graph_service.store.moving import move
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_questions import TODAY, day, exit_of, profile, record

A, B, C = "uscc:91411202MA40AB121R", "uscc:91411202MA40AB148H", "uscc:91411202MA40AB156C"
PHONE = "contact:" + "5" * 32
AS_OF = day("2026-12-01")
WHY = {"reason": "电话为园区总机", "by": "officer-7"}
BECAUSE = {"reason": "误判", "by": "officer-8"}
LIST, ABNORMAL = "serious_violation", "abnormal_operation"


def reached(firm: str) -> Fact:
    return Fact("registration", FactKind.REACHED_AT, firm, PHONE, valid_from=day("2024-01-01"))


FITNESS = [
    *(profile(firm, f"三门峡跃禾健身{n}有限公司") for firm, n in ((A, "一"), (B, "二"), (C, "三"))),
    *(reached(firm) for firm in (A, B, C)),
    record(A, ABNORMAL, "2026-09-30"),
    record(B, LIST, "2026-10-20"),
]


@pytest.fixture
def store(tmp_path: Path) -> GraphStore:
    found = store_at(tmp_path / "s.db")
    deliver(found, FITNESS)
    return found


class Office:
    """A store with its home, asked anew each time, as a command would."""

    def __init__(self, store: GraphStore, home: Path) -> None:
        self.store, self.home = store, home
        self.refresh()

    def refresh(self) -> None:
        snapshots.refresh(self.store, self.home, as_of=AS_OF)

    def graph(self) -> CreditGraph:
        return CreditGraph.open(self.store.url, home=self.home, clock=lambda: TODAY)

    def told(self, firm: str = C) -> list[tuple[str, str, str | None]]:
        """Rule, target and mark of what is shown about a firm."""
        found = self.graph().associations(firm)
        return [(a.rule, a.target.id, a.mark.mark if a.mark else None) for a in found.associations]

    def cleared(self, firm: str = C) -> int:
        return self.graph().associations(firm).cleared

    def finding(self, firm: str = C) -> str:
        return next(a.finding for a in self.graph().associations(firm, with_cleared=True).associations)

    def exported(self) -> list[tuple[str, str | None]]:
        frame = self.graph().associations_frame()
        marks = [None if m != m else m for m in frame["mark"]]  # noqa: PLR0124  (NaN)
        return sorted(zip(frame["enterprise"], marks, strict=True), key=str)


@pytest.fixture
def office(store: GraphStore, tmp_path: Path) -> Office:
    return Office(store, tmp_path / "home")


def test_the_fitness_firms_hang_together_by_their_telephone_and_only_the_listed_one_seeds(
    office: Office,
) -> None:
    assert office.told(C) == [("shares_contact", B, None)]
    assert office.told(A) == [("shares_contact", B, None)]
    assert office.told(B) == []


def test_a_cleared_finding_stays_cleared_after_a_refresh_until_its_evidence_changes(office: Office) -> None:
    decision = office.graph().mark_lead(office.finding(), "unfounded", **WHY)
    assert (decision.action, decision.enterprise, decision.rule, decision.target) == (
        "stated", C, "shares_contact", B,
    )  # fmt: skip
    assert (office.told(), office.cleared()) == ([], 1)
    office.refresh()
    assert (office.told(), office.cleared()) == ([], 1)
    assert office.told(A) == [("shares_contact", B, None)]
    deliver(office.store, [record(B, "tax_violation", "2026-11-20", document="税1号")], "b2")
    office.refresh()
    assert office.told() == [("shares_contact", B, "unfounded")]
    (lead,) = office.graph().associations(C).associations
    assert lead.mark is not None
    assert lead.mark.changed
    assert office.cleared() == 0
    assert [found.evidence for found in office.graph().leads().leads] == ["changed"]
    office.graph().mark_lead(office.finding(), "no_action", **WHY)
    assert (office.told(), office.cleared()) == ([], 1)


def test_a_reload_of_the_same_rows_changes_no_evidence(office: Office) -> None:
    office.graph().mark_lead(office.finding(), "unfounded", **WHY)
    with office.store.writer() as writer:
        writer.withdraw("b1")
        writer.settle()
    deliver(office.store, FITNESS, "again")
    office.refresh()
    assert (office.told(), office.cleared()) == ([], 1)


def test_a_path_over_another_fact_is_other_evidence(office: Office) -> None:
    office.graph().mark_lead(office.finding(), "unfounded", **WHY)
    with office.store.writer() as writer:
        writer.withdraw("b1")
        writer.settle()
    moved = [f for f in FITNESS if f != reached(C)]
    later = Fact("registration", FactKind.REACHED_AT, C, PHONE, valid_from=day("2026-11-01"))
    deliver(office.store, [*moved, later], "again")
    office.refresh()
    assert office.told() == [("shares_contact", B, "unfounded")]


def test_what_is_undone_is_shown_again_unmarked(office: Office) -> None:
    finding = office.finding()
    office.graph().mark_lead(finding, "no_action", **WHY)
    decision = office.graph().undo_lead(finding, **BECAUSE)
    assert (decision.action, decision.mark, decision.reason) == ("ended", "no_action", "误判")
    assert office.told() == [("shares_contact", B, None)]
    assert office.graph().leads().leads == ()
    with pytest.raises(UnknownFinding, match="nobody marked"):
        office.graph().undo_lead(finding, **BECAUSE)
    said = [f for f in office.graph().at().history(C).facts if f.kind == "mark"]
    office.refresh()
    facts = [f for f in office.graph().history(C).facts if f.kind in {"mark", "taken_back"}]
    assert said == []
    assert [(f.kind, f.role, f.details["by"], f.recorded_to is None) for f in facts] == [
        ("mark", "officer", "officer-7", False),
        ("taken_back", "mark", "officer-8", True),
    ]


@pytest.mark.parametrize("word", ["pending", "confirmed", "promoted"])
def test_a_mark_that_clears_nothing_is_shown_beside_the_finding(office: Office, word: str) -> None:
    office.graph().mark_lead(office.finding(), word, **WHY)
    assert office.told() == [("shares_contact", B, word)]
    (lead,) = office.graph().associations(C).associations
    assert lead.mark is not None
    assert (lead.mark.title, lead.mark.why, lead.mark.by, lead.mark.changed) == (
        Mark(word).title_zh, "电话为园区总机", "officer-7", False,
    )  # fmt: skip
    assert lead.class_.value == "lead"


def test_a_later_mark_replaces_an_earlier_one_and_the_same_changes_nothing(office: Office) -> None:
    finding = office.finding()
    office.graph().mark_lead(finding, "pending", **WHY)
    assert office.graph().mark_lead(finding, "pending", **BECAUSE).action == "unchanged"
    office.graph().mark_lead(finding, "unfounded", **BECAUSE)
    (lead,) = office.graph().leads().leads
    assert (lead.mark, lead.by, lead.evidence, lead.finding) == ("unfounded", "officer-8", "same", finding)
    assert len(office.graph().leads(mark="pending").leads) == 0
    assert len(office.graph().leads(of=C).leads) == 1
    assert len(office.graph().leads(of=A).leads) == 0


def test_a_marked_finding_whose_record_ended_is_gone_and_can_still_be_undone(office: Office) -> None:
    finding = office.finding()
    office.graph().mark_lead(finding, "confirmed", **WHY)
    deliver(office.store, [exit_of(B, LIST, "revoked", "2026-11-25")], "b2")
    office.refresh()
    assert office.told() == []
    assert [found.evidence for found in office.graph().leads().leads] == ["gone"]
    assert office.graph().undo_lead(finding, **BECAUSE).action == "ended"


def test_an_objection_pauses_the_finding_and_its_rejection_brings_it_back_with_its_mark(
    office: Office,
) -> None:
    office.graph().mark_lead(office.finding(), "confirmed", **WHY)
    deliver(office.store, [exit_of(B, LIST, "objected", "2026-11-10")], "b2")
    office.refresh()
    assert (office.told(), office.graph().associations(C).paused) == ([], 1)
    deliver(office.store, [exit_of(B, LIST, "objection_ended", "2026-11-20")], "b3")
    office.refresh()
    assert office.told() == [("shares_contact", B, "confirmed")]


def test_the_export_leaves_out_what_the_answers_leave_out(office: Office) -> None:
    assert office.exported() == [(A, None), (C, None)]
    office.graph().mark_lead(office.finding(C), "unfounded", **WHY)
    office.graph().mark_lead(office.finding(A), "confirmed", **WHY)
    assert office.exported() == [(A, "confirmed")]


def test_marks_move_with_the_store(office: Office, tmp_path: Path) -> None:
    office.graph().mark_lead(office.finding(), "unfounded", **WHY)
    other = store_at(tmp_path / "other.db")
    move(office.store, other)
    there = Office(other, tmp_path / "there")
    assert (there.told(), there.cleared()) == ([], 1)


def test_a_mark_is_known_from_the_moment_it_was_made(office: Office) -> None:
    before = office.store.moment()
    office.graph().mark_lead(office.finding(), "unfounded", **WHY)
    assert office.graph().at(as_of=AS_OF, known_at=before).associations(C).cleared == 0
    assert office.graph().at(as_of=AS_OF).associations(C).cleared == 1


def test_findings_of_merged_ids_keep_their_mark(office: Office) -> None:
    named = "name:" + "c" * 32
    deliver(office.store, [Fact("registration", FactKind.PROFILE, named, name="跃禾健身三店")], "b2")
    office.graph().mark_lead(office.finding(), "unfounded", **WHY)
    office.graph().at().confirm_match(named, C, **WHY)
    office.refresh()
    assert (office.told(), office.cleared()) == ([], 1)


@pytest.mark.parametrize("finding", ["", "x", "0" * 24, "z" * 24, finding_id(C, "shares_address", B)])
def test_what_is_no_finding_cannot_be_marked(office: Office, finding: str) -> None:
    with pytest.raises(UnknownFinding, match="credit-graph associations"):
        office.graph().mark_lead(finding, "confirmed", **WHY)


def test_a_wrong_mark_or_a_blank_reason_is_refused(office: Office) -> None:
    with pytest.raises(WrongCall, match="choose from pending"):
        office.graph().mark_lead(office.finding(), "true", **WHY)
    with pytest.raises(CreditGraphError, match="--reason"):
        office.graph().mark_lead(office.finding(), "confirmed", reason=" ", by="officer-7")


def test_a_live_moment_without_a_snapshot_can_be_marked_too(store: GraphStore, tmp_path: Path) -> None:
    with CreditGraph.open(store.url, AS_OF, home=tmp_path / "home") as graph:
        (lead,) = graph.associations(C).associations
        assert isinstance(lead, Association)
        graph.mark_lead(lead.finding, "unfounded", **WHY)
        assert graph.at(as_of=AS_OF).associations(C).associations == ()


RING = ("uscc:91411202MA40AB164D", "uscc:91411202MA40AB172Y", "uscc:91411202MA40AB180T")


def guarantees(since: str) -> list[Fact]:
    ring = zip(RING, (*RING[1:], RING[0]), strict=True)
    return [Fact("registration", FactKind.GUARANTEES, a, b, part="1", valid_from=day(since)) for a, b in ring]


def test_a_pattern_is_marked_like_any_finding_and_comes_back_with_other_evidence(office: Office) -> None:
    deliver(office.store, guarantees("2024-01-01"), "b2")
    office.refresh()
    (ring,) = office.graph().patterns("guarantee_ring").patterns
    decision = office.graph().mark_lead(ring.finding, "no_action", **WHY)
    assert (decision.action, decision.enterprise in RING) == ("stated", True)
    for _ in range(2):
        found = office.graph().patterns("guarantee_ring")
        assert (found.patterns, found.cleared) == ((), 1)
        office.refresh()
    (shown,) = office.graph().patterns("guarantee_ring", with_cleared=True).patterns
    assert shown.mark is not None
    assert (shown.finding, shown.mark.mark, shown.mark.changed) == (ring.finding, "no_action", False)
    (listed,) = office.graph().leads().leads
    assert (listed.rule, listed.rule_title.zh, listed.evidence) == ("guarantee_ring", "担保圈", "same")
    rows = office.graph().export("patterns", office.home / "p.csv")["rows"]
    assert rows == 0
    deliver(
        office.store, [guarantees("2024-01-01")[0], *guarantees("2023-01-01")[1:]], "b3", source="guarantees"
    )
    office.refresh()
    changed = office.graph().patterns("guarantee_ring")
    assert [(p.finding, p.mark.changed if p.mark else None) for p in changed.patterns] == [
        (ring.finding, True)
    ]
    assert office.graph().undo_lead(ring.finding, **BECAUSE).action == "ended"
    assert [p.mark for p in office.graph().patterns("guarantee_ring").patterns] == [None]


def test_evidence_is_a_set() -> None:
    assert evidence_hash(["a", "b", "a"]) == evidence_hash(["b", "a"]) != evidence_hash(["a"])


def test_exposure_is_told_with_the_path_that_carries_it_and_waits_when_its_record_ends(
    office: Office,
) -> None:
    found = office.graph().associations(C).exposure
    assert found is not None
    assert found.value is not None
    assert found.value > 0
    (path,) = found.paths
    assert (path.target.id, path.hops, [s.kind for s in path.path]) == (B, 2, ["reached_at", "reached_at"])
    assert 0 < path.part <= 1
    assert "不是概率" in found.statement.zh
    deliver(office.store, [exit_of(B, LIST, "repaired", "2026-11-25")], "b2")
    waiting = office.graph().associations(C).exposure
    assert waiting is not None
    assert (waiting.value, waiting.paths) == (None, ())
    office.refresh()
    ended = office.graph().associations(C).exposure
    assert ended is not None
    assert ended.value == 0


def test_exposure_live_and_in_the_snapshot_agree(office: Office) -> None:
    kept = office.graph().associations(C)
    live = office.graph().at(as_of=AS_OF).associations(C)
    assert live.snapshot is None
    assert live.exposure == kept.exposure
    assert office.graph().associations(PHONE).exposure is None
