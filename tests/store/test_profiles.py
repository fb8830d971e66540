"""What an entity is on a day, merged from what several sources say of it."""

from datetime import date

from graph_service.domain.facts import Fact, FactKind, canonical_json
from graph_service.domain.intervals import to_day
from graph_service.store.base import Profile
from graph_service.store.profiles import Family, merged_profile
from loaders.template import read_template

FIRM = "uscc:91411202MA40AB121R"
RENAMED = to_day(date(2025, 5, 2))


def _named(source: str, name: str, start: int | None = None, stop: int | None = None) -> Fact:
    attrs = canonical_json({"founded": "2019-03-01", "in_business": True, "status": "in_business"})
    said = attrs if source == "registration" else None
    return Fact(source, FactKind.PROFILE, FIRM, name=name, valid_from=start, valid_to=stop, attrs=said)


def _merged(day: int, *facts: Fact) -> Profile:
    ranks = {f.source: read_template(f.source).rank for f in facts}
    return merged_profile(Family([FIRM], "enterprise", None), facts, ranks, day)


def test_the_register_stands_for_a_name_that_others_spell_alike() -> None:
    alike = [
        _named(s, "甲有限公司")
        for s in ("enforcement", "list_exits", "changes", "registration", "shareholders")
    ]
    assert _merged(RENAMED, *alike).sources["name"] == "registration"


def test_a_name_that_the_register_replaced_is_a_former_name_from_then_on() -> None:
    facts = (
        _named("registration", "甲有限公司", None, RENAMED),
        _named("registration", "乙有限公司", RENAMED),
    )
    now, before = _merged(RENAMED, *facts), _merged(RENAMED - 1, *facts)
    assert (now.name, now.former_names) == ("乙有限公司", ("甲有限公司",))
    assert (before.name, before.former_names) == ("甲有限公司", ())


def test_another_spelling_of_the_same_name_is_no_former_name() -> None:
    facts = (
        _named("registration", "甲（集团）公司", None, RENAMED),
        _named("registration", "甲(集团)公司", RENAMED),
    )
    assert _merged(RENAMED, *facts).former_names == ()


def test_before_its_founding_an_enterprise_is_not_in_business() -> None:
    firm = _named("registration", "甲有限公司")
    before = _merged(to_day(date(2019, 2, 28)), firm)
    assert (before.attributes["in_business"], "status" in before.attributes) == (False, False)
    assert _merged(to_day(date(2019, 3, 1)), firm).attributes["in_business"] is True
