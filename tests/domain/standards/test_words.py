"""Shares, dates and ids come back from a standard's file as they were."""

import csv
from datetime import date, timedelta
from importlib import resources

from followthemoney import model
from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.identifiers import is_entity_id
from graph_service.domain.intervals import to_day
from graph_service.domain.standards import bods, ftm
from graph_service.domain.standards.days import day_after, first_day
from graph_service.domain.standards.own_ids import FTM_ID, entity_of_ftm_id, ftm_id, record_id, scheme_id
from graph_service.domain.standards.shares import percent_text, share_of

shares = st.floats(0, 1) | st.integers(0, 10**6).map(lambda n: n / 10**6)
names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
values = st.text("abcXYZ019-.:·浙/", min_size=1, max_size=12)
schemes = st.sampled_from(["uscc", "regno", "name", "person", "person-at", "bods", "ftm", "finbench-company"])


@given(shares)
def test_a_share_survives_the_way_through_per_cent(share: float) -> None:
    assert share_of(percent_text(share)) == share


@given(shares)
def test_a_percentage_in_text_survives(share: float) -> None:
    text = ftm.percentage(percent_text(share), {})
    assert ftm.bounds_of(str(text)) == {"exact": percent_text(share)}


@given(shares, shares, st.sampled_from(["minimum", "exclusiveMinimum"]), st.booleans())
def test_bounds_in_text_survive(one: float, other: float, lower: str, both: bool) -> None:
    low, high = percent_text(min(one, other)), percent_text(max(one, other))
    limits = {lower: low, **({"maximum": high} if both else {})}
    assert ftm.bounds_of(str(ftm.percentage(None, limits))) == limits


@given(schemes, values)
def test_an_id_survives_the_way_through_an_ftm_id_that_the_model_allows(scheme: str, value: str) -> None:
    entity = f"{scheme}:{value}"
    assert FTM_ID.fullmatch(ftm_id(entity))
    assert entity_of_ftm_id(ftm_id(entity)) == entity


@given(names)
def test_what_a_file_calls_a_record_makes_an_id_and_comes_back(called: str) -> None:
    entity = scheme_id("bods", called)
    assert is_entity_id(entity)
    assert record_id(entity) == (entity if is_entity_id(called) else called)


@given(st.dates(date(1800, 1, 1), date(2200, 1, 1)))
def test_a_period_ends_where_the_next_begins(day: date) -> None:
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    assert first_day(day.isoformat()) == to_day(day)
    assert day_after(day.isoformat()) == to_day(day) + 1
    assert day_after(day.isoformat()[:7]) == to_day(next_month)
    assert day_after(day.isoformat()[:4]) == to_day(date(day.year + 1, 1, 1))


def test_every_schema_of_the_model_is_known() -> None:
    known = {*ftm.NODES, *ftm.LINKS, *ftm.NUMBERS, ftm.SANCTION, *ftm.UNUSED}
    assert {schema.name for schema in model} == known


def test_links_have_the_ends_that_the_model_gives_them() -> None:
    for name, link in ftm.LINKS.items():
        schema = model.get(name)
        assert schema is not None
        assert schema.source_prop is not None
        assert schema.target_prop is not None
        assert (schema.source_prop.name, schema.target_prop.name) == (link.subject, link.object)
        assert link.role in schema.properties


def test_codes_of_the_standard_are_all_known() -> None:
    lists = {
        "interestType": set(bods.INTERESTS), "entityType": set(bods.ENTITY_TYPES), "personType": set(bods.PERSON_TYPES),
        "unspecifiedReason": set(bods.REASONS),
    }  # fmt: skip
    folder = resources.files("libcovebods") / "data" / "schema-0-4-0" / "codelists"
    for name, known in lists.items():
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            assert {row["code"] for row in csv.DictReader(file)} == known
