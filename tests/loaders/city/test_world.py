"""The city in memory, before it is delivered."""

from datetime import timedelta

import numpy as np
import pytest

from graph_service.domain.identifiers import is_citizen, is_uscc
from loaders.city import history
from loaders.city.build import City, build
from loaders.city.chronicle import LISTED
from loaders.city.config import ANCHORS
from loaders.city.streams import EPOCH, NEVER, Bools, Floats

# Among some 2,200 listings of four years the shares below err by about one point; five standard errors and a
# little more are allowed, so that a seed decides nothing and a wrong weight is seen.
TODAY = EPOCH + timedelta(days=ANCHORS[-1])
YEARS = tuple(zip(ANCHORS[-5:-1], ANCHORS[-4:], strict=True))


@pytest.fixture(scope="module")
def city() -> City:
    return build(80_000, 1, 0.05)


def listed_within(city: City, begin: int, end: int) -> Bools:
    return city.past.chronicle.newly_listed(begin, end) > 0


def test_names_codes_and_numbers_are_borne_once_and_have_their_form(city: City) -> None:
    texts = city.world.texts
    for column in (texts.firm, texts.code, texts.registration, texts.citizen):
        values = column.drop_null().to_pylist()
        assert len(values) == len(set(values))
    assert all(is_uscc(str(code)) for code in texts.code.drop_null().to_pylist()[::97])
    assert all(is_citizen(str(number), TODAY) for number in texts.citizen.to_pylist()[::97])


def test_a_tenth_of_the_firms_with_one_chance_are_listed_as_often_as_their_chances_say(city: City) -> None:
    chances, came = [], []
    for (day, risk, chance), (begin, end) in zip(city.past.hazards, YEARS, strict=False):
        assert day == begin
        chances.append(chance[risk])
        came.append(listed_within(city, begin, end)[risk])
    chance, real = np.concatenate(chances), np.concatenate(came)
    for part in np.array_split(np.argsort(chance), 10):
        expected, spread = chance[part].sum(), np.sqrt((chance[part] * (1 - chance[part])).sum())
        # one listing in a hundred is revoked later, and counts no more
        assert abs(real[part].sum() - expected) < 4.5 * spread + 0.02 * expected + 1


def test_firms_whose_listing_is_planted_have_no_chance_in_the_truth(city: City) -> None:
    planted = np.unique([f + city.world.base_firms for k, f, *_ in city.cast.records if k in LISTED])
    assert len(planted) > 10
    assert not any(risk[planted].any() for _, risk, _ in city.past.hazards)


def test_listed_neighbours_tell_as_much_as_in_a_real_city(city: City) -> None:
    new, base = signal(city)
    assert 0.20 < new < 0.36
    assert 0.02 < base < 0.045


def signal(city: City) -> tuple[float, float]:
    """The share of firms with a listed neighbour: among those newly listed, and among all at risk."""
    world, linked, at_risk = city.world, [], []
    for begin, end in YEARS:
        seen = history.state(world.firms, world.society, world.guarantees, city.past.chronicle, begin)
        risk = history.at_risk(world.firms, city.past.chronicle, begin)
        any_link = np.asarray(np.sum([*seen.linked.values()], axis=0) > 0)
        linked.append(any_link[risk & listed_within(city, begin, end)])
        at_risk.append(any_link[risk])
    return float(np.concatenate(linked).mean()), float(np.concatenate(at_risk).mean())


def test_as_many_leave_the_courts_list_as_come(city: City) -> None:
    begin, end = YEARS[-1]
    before, after = (in_force(city, day) for day in (begin, end))
    come, left = float(((after > 0) & (before == 0)).sum()), float(((before > 0) & (after == 0)).sum())
    assert 0.75 < left / come < 1.35


def in_force(city: City, day: int) -> Floats:
    return city.past.chronicle.now("dishonest_judgment_debtor", day)


def test_nothing_happens_to_a_firm_before_it_is_founded_or_after_the_citys_day(city: City) -> None:
    firms, past = city.world.firms, city.past.chronicle
    for kind in past.kinds():
        table = past.of(kind)
        assert (table.start <= ANCHORS[-1]).all(), kind
        assert (table.start >= firms.founded[table.firm]).all(), kind
        assert ((table.exit >= table.start) | (table.exit == NEVER)).all(), kind
