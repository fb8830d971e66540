from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.findings import FindingClass
from graph_service.domain.intervals import Interval
from graph_service.domain.sanctions import (
    Exit,
    ExitEvent,
    Record,
    RecordLife,
    RecordStatus,
    exits_of,
    listed_on,
    record_life,
)

E = ExitEvent
S = RecordStatus
KIND = "serious_violation"
TODAY = 1000
TERM = Interval(10, 100)


def record(document: str | None = "甲1号", term: Interval = TERM) -> Record:
    return Record("r1", "uscc:1", KIND, document, term)


def exit_(event: ExitEvent, day: int, document: str | None = "甲1号") -> Exit:
    return Exit("uscc:1", KIND, event, day, document)


def life(*exits: Exit, today: int = TODAY) -> RecordLife:
    return record_life(record(), exits, today)


def statuses(of: RecordLife, *days: int) -> list[RecordStatus | None]:
    return [of.status_on(d) for d in days]


def test_without_events_a_record_is_in_force_for_its_term_and_then_expired_and_still_visible() -> None:
    plain = life()
    assert statuses(plain, 9, 10, 99, 100) == [None, S.IN_FORCE, S.IN_FORCE, S.EXPIRED]
    assert plain.is_visible
    assert plain.in_force == (Interval(10, 100),)


def test_an_unknown_start_is_in_force_from_ever() -> None:
    ever = record_life(record(term=Interval(None, None)), [], TODAY)
    assert ever.status_on(-99999) is S.IN_FORCE


def test_a_repaired_record_leaves_every_answer_and_remains_a_label() -> None:
    repaired = life(exit_(E.REPAIRED, 40))
    assert statuses(repaired, 39, 40, 200) == [S.IN_FORCE, S.REPAIRED, S.REPAIRED]
    assert (repaired.is_visible, repaired.is_label) == (False, True)
    assert not repaired.is_seed(20)
    assert not listed_on([repaired], frozenset({KIND}), 20)


@pytest.mark.parametrize(
    "written", ["三市监严[2026]7号", "三市监严（２０２６）7号", " 三市监严【2026】 7 号"]
)
def test_a_repair_meets_its_record_however_the_brackets_are_written(written: str) -> None:
    listed = record("三市监严〔2026〕7号")
    assert not record_life(listed, [exit_(E.REPAIRED, 40, written)], TODAY).is_visible
    assert record_life(listed, [exit_(E.REPAIRED, 40, "三市监严〔2026〕17号")], TODAY).is_visible


def test_a_revoked_record_is_no_label() -> None:
    revoked = life(exit_(E.REVOKED, 40))
    assert (revoked.is_visible, revoked.is_label, revoked.status_on(40)) == (False, False, S.REVOKED)


def test_an_objected_record_stays_in_force_and_listed_but_seeds_nothing_about_others() -> None:
    objected = life(exit_(E.OBJECTED, 20), exit_(E.OBJECTION_ENDED, 30))
    assert statuses(objected, 19, 20, 29, 30) == [S.IN_FORCE, S.OBJECTED, S.OBJECTED, S.IN_FORCE]
    assert [objected.is_seed(d) for d in (19, 20, 30)] == [True, False, True]
    assert listed_on([objected], frozenset({KIND}), 25)


def test_an_objection_without_end_marks_to_the_end_of_the_term() -> None:
    assert life(exit_(E.OBJECTED, 20)).objected == (Interval(20, 100),)


def test_an_upheld_objection_revokes() -> None:
    upheld = life(exit_(E.OBJECTED, 20), exit_(E.OBJECTION_UPHELD, 30))
    assert (upheld.revoked_on, upheld.is_label, upheld.status_on(30)) == (30, False, S.REVOKED)
    assert upheld.objected == (Interval(20, 30),)


def test_a_suspended_record_is_not_in_force_meanwhile() -> None:
    suspended = life(exit_(E.SUSPENDED, 20), exit_(E.SUSPENSION_ENDED, 30))
    assert suspended.in_force == (Interval(10, 20), Interval(30, 100))
    assert statuses(suspended, 20, 30) == [S.SUSPENDED, S.IN_FORCE]
    assert not listed_on([suspended], frozenset({KIND}), 25)


def test_suspension_outranks_objection() -> None:
    assert life(exit_(E.OBJECTED, 15), exit_(E.SUSPENDED, 20)).status_on(25) is S.SUSPENDED


def test_an_objection_that_ends_on_the_day_it_is_raised_marks_nothing() -> None:
    assert life(exit_(E.OBJECTED, 20), exit_(E.OBJECTION_ENDED, 20)).objected == ()


def test_a_new_objection_on_the_day_the_last_one_ends_marks_on() -> None:
    again = life(exit_(E.OBJECTED, 20), exit_(E.OBJECTION_ENDED, 30), exit_(E.OBJECTED, 30))
    assert again.objected == (Interval(20, 100),)


def test_events_after_today_have_not_happened() -> None:
    assert life(exit_(E.REPAIRED, 40), today=39).is_visible


def test_an_exit_ends_only_the_record_of_its_document_kind_and_entity() -> None:
    others = [
        exit_(E.REPAIRED, 40, "乙2号"),
        Exit("uscc:2", KIND, E.REPAIRED, 40, "甲1号"),
        Exit("uscc:1", "wage_arrears", E.REPAIRED, 40, "甲1号"),
    ]
    assert exits_of(record(), others) == []


def test_without_a_document_an_exit_concerns_every_record_in_force_that_day() -> None:
    blanket = exit_(E.REPAIRED, 40, None)
    assert exits_of(record(), [blanket]) == [blanket]
    assert exits_of(record(document=None), [blanket]) == [blanket]
    assert exits_of(record(term=Interval(41, 100)), [blanket]) == []
    assert exits_of(record(term=Interval(10, 40)), [blanket]) == []


def test_without_a_document_what_was_repaired_before_is_not_revoked_later() -> None:
    done = life(exit_(E.REPAIRED, 30), exit_(E.REVOKED, 40, None))
    assert (done.repaired_on, done.revoked_on) == (30, None)


def test_a_named_revocation_outranks_an_earlier_repair() -> None:
    assert life(exit_(E.REPAIRED, 30), exit_(E.REVOKED, 40)).status_on(50) is S.REVOKED


def test_a_blanket_end_reaches_a_suspended_record() -> None:
    lifted = life(
        exit_(E.SUSPENDED, 20, None), exit_(E.SUSPENSION_ENDED, 30, None), exit_(E.REVOKED, 50, None)
    )
    assert lifted.suspended == (Interval(20, 30),)
    assert lifted.revoked_on == 50


events = st.builds(
    exit_, st.sampled_from(ExitEvent), st.integers(0, 120), st.sampled_from(["甲1号", "乙2号", None])
)


@given(st.lists(events, max_size=7), st.randoms())
def test_the_order_in_which_events_come_does_not_matter(exits: list[Exit], shuffle: Random) -> None:
    mixed = list(exits)
    shuffle.shuffle(mixed)
    assert life(*exits) == life(*mixed)


@given(st.lists(events, max_size=7), st.integers(0, 130))
def test_status_and_intervals_tell_the_same(exits: list[Exit], day: int) -> None:
    of = life(*exits)
    assert of.is_in_force(day) == (of.status_on(day) in (S.IN_FORCE, S.OBJECTED))
    assert of.is_seed(day) == (of.is_visible and of.status_on(day) is S.IN_FORCE)


@given(st.lists(events, max_size=7))
def test_a_record_never_lasts_longer_by_its_events(exits: list[Exit]) -> None:
    assert all(record().term.contains(d) for d in range(130) if life(*exits).is_in_force(d))


def test_each_class_of_finding_has_its_words() -> None:
    assert [c.title_zh for c in FindingClass] == ["记录事实", "系统推算", "关联提示"]
    assert "不代表该主体存在失信行为" in FindingClass.LEAD.caveat_zh
    assert [s.title_zh for s in RecordStatus][2] == "已修复"
