"""What a row of deliveries says about one thing."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.timeline import Segment, Statement, timeline

A, B = ("40%",), ("60%",)


def intervals(segments: list[Segment]) -> list[tuple[object, int | None, int | None]]:
    return [(g.statement.content, g.valid_from, g.valid_to) for g in segments]


def test_a_single_statement_holds_as_stated() -> None:
    assert intervals(timeline([Statement(100, 0, A, 5, 50)], corrects=False)) == [(A, 5, 50)]


def test_a_complete_list_without_it_ends_it() -> None:
    assert intervals(timeline([Statement(100, 0, A, 5), Statement(200, 1, None)], False)) == [(A, 5, 200)]


def test_a_late_list_works_only_between_its_neighbours() -> None:
    said = [Statement(100, 0, A, 5), Statement(300, 2, A, 5)]
    late = Statement(200, 1, None)
    assert intervals(timeline([*said, late], False)) == [(A, 5, 200), (A, 300, None)]


def test_other_content_without_a_later_start_takes_effect_on_the_day_of_its_delivery() -> None:
    assert intervals(timeline([Statement(100, 0, A, 5), Statement(200, 1, B, 5)], False)) == [
        (A, 5, 200),
        (B, 200, None),
    ]


def test_other_content_with_a_later_start_takes_effect_there() -> None:
    said = [Statement(100, 0, A, 5), Statement(200, 1, B, 150)]
    assert intervals(timeline(said, False)) == [(A, 5, 150), (B, 150, None)]


def test_a_correction_replaces_what_was_said_from_its_start() -> None:
    assert intervals(timeline([Statement(100, 0, A, 5), Statement(200, 1, B, 5)], True)) == [(B, 5, None)]


def test_a_stated_end_arrives_later() -> None:
    assert intervals(timeline([Statement(100, 0, A, 5), Statement(200, 1, A, 5, 180)], False)) == [
        (A, 5, 180)
    ]


def test_a_list_older_than_the_start_does_not_end_it() -> None:
    assert intervals(timeline([Statement(100, 0, A, 150), Statement(120, 1, None)], False)) == []
    assert intervals(timeline([Statement(90, 0, None), Statement(100, 1, A, 50)], False)) == [(A, 50, None)]


days = st.integers(0, 60)
statements = st.builds(
    lambda date, order, content, start, length: Statement(
        date, order, content, start, None if start is None or length is None else start + length
    ),
    days,
    st.integers(0, 1000),
    st.sampled_from([None, A, B]),
    st.none() | days,
    st.none() | st.integers(1, 40),
)


@given(st.lists(statements, max_size=6, unique_by=lambda s: (s.date, s.order)), st.booleans(), st.randoms())
def test_the_order_of_loading_does_not_matter(said: list[Statement], corrects: bool, random: object) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert timeline(said, corrects) == timeline(shuffled, corrects)


@given(st.lists(statements, max_size=6, unique_by=lambda s: (s.date, s.order)), st.booleans())
def test_segments_are_disjoint_and_in_order(said: list[Statement], corrects: bool) -> None:
    segments = timeline(said, corrects)
    for before, after in pairwise(segments):
        assert before.valid_to is not None
        assert after.valid_from is not None
        assert before.valid_to <= after.valid_from
    for segment in segments:
        assert segment.valid_from is None or segment.valid_to is None or segment.valid_from < segment.valid_to


@given(st.lists(statements, max_size=5, unique_by=lambda s: (s.date, s.order)), st.booleans())
def test_nothing_is_so_after_the_last_list_that_lacks_it(said: list[Statement], corrects: bool) -> None:
    day = 100
    for segment in timeline([*said, Statement(day, 0, None)], corrects):
        assert segment.valid_to is not None
        assert segment.valid_to <= day
