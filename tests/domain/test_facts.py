"""What makes two facts the same."""

from dataclasses import replace

from graph_service.domain.facts import Evidence, Fact, FactKind, canonical_json, content_number

HOLDING = Fact("shareholders", FactKind.HOLDS, "person:1", "uscc:2", share=0.5, valid_from=10)


def test_sources_and_recorded_times_do_not_change_a_facts_id() -> None:
    seen = replace(HOLDING, recorded_from=5, recorded_to=9, evidence=(Evidence("b", "t", "f.csv", 3),))
    assert seen.id == HOLDING.id
    assert len(HOLDING.id) == 32


def test_every_part_of_the_content_changes_the_id() -> None:
    others = [
        replace(HOLDING, source="annual_reports"), replace(HOLDING, kind=FactKind.MANAGES),
        replace(HOLDING, subject="person:2"), replace(HOLDING, object="uscc:3"), replace(HOLDING, role="x"),
        replace(HOLDING, part="x"), replace(HOLDING, valid_from=11), replace(HOLDING, valid_to=11),
        replace(HOLDING, available_from=11), replace(HOLDING, share=0.6), replace(HOLDING, votes=0.5),
        replace(HOLDING, amount=0.5), replace(HOLDING, name="x"), replace(HOLDING, attrs="{}"),
    ]  # fmt: skip
    assert len({content_number(f) for f in [HOLDING, *others]}) == 1 + len(others)


def test_a_fact_told_of_canonical_ends_keeps_its_id() -> None:
    assert HOLDING.between("person:9", "uscc:2").id == HOLDING.id


def test_a_fact_holds_from_its_first_day_up_to_its_end() -> None:
    fact = replace(HOLDING, valid_from=10, valid_to=20)
    assert [fact.is_valid_on(day) for day in (9, 10, 19, 20)] == [False, True, True, False]


def test_equal_attributes_have_one_text() -> None:
    assert canonical_json({"b": 1, "a": "甲", "c": None, "d": ""}) == '{"a":"甲","b":1}'
    assert canonical_json({"a": None}) is None
