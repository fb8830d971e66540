import itertools
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.intervals import Interval, from_day, merged, subtracted, to_day

ends = st.none() | st.integers(0, 12)
intervals = st.builds(Interval, ends, ends)
days = range(-2, 15)


def held(items: list[Interval] | tuple[Interval, ...]) -> set[int]:
    return {d for d in days if any(i.contains(d) for i in items)}


@given(st.lists(intervals, max_size=5))
def test_merging_keeps_the_days_and_leaves_gaps_between(items: list[Interval]) -> None:
    out = merged(items)
    assert held(out) == held(items)
    assert all(not i.is_empty for i in out)
    assert all(
        a.end is not None and b.start is not None and a.end < b.start for a, b in itertools.pairwise(out)
    )


@given(intervals, st.lists(intervals, max_size=4))
def test_subtracting_takes_away_exactly_the_holes(whole: Interval, holes: list[Interval]) -> None:
    assert held(subtracted(whole, holes)) == held([whole]) - held(holes)


@given(intervals, intervals)
def test_the_intersection_holds_the_days_of_both(one: Interval, other: Interval) -> None:
    assert held([one.intersection(other)]) == held([one]) & held([other])
    assert one.overlaps(other) == bool(held([one]) & held([other]))


@given(st.dates())
def test_days_and_dates_turn_into_each_other(value: date) -> None:
    assert from_day(to_day(value)) == value
