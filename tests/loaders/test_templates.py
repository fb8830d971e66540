"""Every built-in template loads a hand-written row, under each of its headers."""

from pathlib import Path

import pytest

from graph_service.domain.facts import FactKind
from graph_service.rules import load_rules
from loaders.template import Template, fitting, load_templates
from tests.loaders.examples import FIRM, ROWS, USCC
from tests.loaders.recording import csv_file, record

TEMPLATES = load_templates()
PLAIN = [n for n, t in TEMPLATES.items() if not t.whole]


def header(template: Template, column: str, form: int) -> str:
    """The column's header in one of its forms: Chinese first, official codes after it."""
    headers = template.column(column).headers
    return headers[min(form, len(headers) - 1)]


def test_every_template_has_an_example() -> None:
    assert sorted(ROWS) == sorted(PLAIN)


@pytest.mark.parametrize("name", sorted(ROWS))
@pytest.mark.parametrize("form", [0, 1])
def test_a_row_becomes_the_facts_that_it_states(name: str, form: int, tmp_path: Path) -> None:
    row, kinds = ROWS[name]
    template = TEMPLATES[name]
    path = csv_file(
        tmp_path, f"{name}_20260930.csv", [{header(template, c, form): v for c, v in row.items()}]
    )
    report, (written,) = record([path], template=template)
    assert [i.to_dict() for i in report.deliveries[0].issues] == []
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (1, 1, 0)
    assert written.kinds == kinds
    assert {e["id"] for e in written.entities} >= {f["subject"] for f in written.facts}
    assert all(f["line"] == 2 for f in written.facts)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_both_forms_of_the_header_mean_the_same_facts(name: str, tmp_path: Path) -> None:
    row, _ = ROWS[name]
    template = TEMPLATES[name]
    facts = []
    for form in (0, 1):
        named = {header(template, c, form): v for c, v in row.items()}
        path = csv_file(tmp_path, f"form{form}_20260930.csv", [named])
        _, (written,) = record([path], template=template)
        facts.append(sorted(written.facts, key=str))
    assert facts[0] == facts[1]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_file_with_chinese_headers_finds_its_own_template(name: str) -> None:
    template = TEMPLATES[name]
    headers = [c.headers[0] for c in template.columns if c.headers]
    fits = fitting(headers, TEMPLATES.values())
    assert fits[0].template.name == name
    assert len(fits) == 1 or fits[1].score < fits[0].score


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_file_with_the_columns_of_the_example_alone_finds_its_own_template(name: str) -> None:
    template = TEMPLATES[name]
    headers = [template.column(c).headers[0] for c in ROWS[name][0]]
    missing = [c.headers[0] for c in template.columns if c.required and c.headers[0] not in headers]
    fits = fitting([*headers, *missing], TEMPLATES.values())
    assert fits[0].template.name == name


def test_registered_facts_say_what_the_conventions_ask() -> None:
    assert {t.mode for n, t in TEMPLATES.items() if n in ("shareholders", "managers")} == {"snapshot"}
    assert TEMPLATES["shareholders"].scope == TEMPLATES["managers"].scope == "enterprise"


def test_a_record_without_an_end_lasts_the_rules_term_and_says_so(tmp_path: Path) -> None:
    template = TEMPLATES["serious_violation"]
    path = csv_file(
        tmp_path, "a.csv", [{header(template, c, 0): v for c, v in ROWS["serious_violation"][0].items()}]
    )
    _, (written,) = record([path], rules=load_rules())
    (fact,) = written.of(FactKind.RECORD)
    assert (fact["valid_from"], fact["valid_to"]) == (19912, 19912 + 1095)
    assert '"term":"rule"' in fact["attrs"]
    assert (fact["subject"], fact["part"], fact["available_from"]) == (f"uscc:{USCC}", "严字1号", 19912 + 7)


def test_a_debtor_able_to_pay_has_no_term_and_others_two_years(tmp_path: Path) -> None:
    template = TEMPLATES["dishonest_judgment_debtor"]
    row = {header(template, c, 0): v for c, v in ROWS["dishonest_judgment_debtor"][0].items()}
    able = row | {"案号": "2号", "失信被执行人行为具体情形": "有履行能力而拒不履行生效法律文书确定义务"}
    silent = row | {"案号": "3号", "失信被执行人行为具体情形": ""}
    _, (written,) = record([csv_file(tmp_path, "a.csv", [row, able, silent])])
    assert [f["valid_to"] is None for f in written.of(FactKind.RECORD)] == [False, True, False]


def test_a_name_change_leaves_the_former_name_until_that_day(tmp_path: Path) -> None:
    template = TEMPLATES["changes"]
    path = csv_file(tmp_path, "a.csv", [{header(template, c, 0): v for c, v in ROWS["changes"][0].items()}])
    _, (written,) = record([path])
    (alias,) = written.of(FactKind.ALIAS)
    (change,) = written.of(FactKind.CHANGE)
    assert (alias["role"], alias["name"], alias["valid_to"]) == (
        "former_name",
        "三门峡旧名商贸有限公司",
        18690,
    )
    assert (change["role"], change["valid_from"], change["valid_to"]) == ("name", 18690, 18691)
    assert change["attrs"] == f'{{"after":"{FIRM}","before":"三门峡旧名商贸有限公司","item":"name"}}'


def test_an_exit_names_the_record_that_it_ends(tmp_path: Path) -> None:
    template = TEMPLATES["list_exits"]
    row = {header(template, c, 0): v for c, v in ROWS["list_exits"][0].items()} | {"结束日期": ""}
    paused = row | {"事由": "暂停", "结束日期": "2024-12-01"}
    _, (written,) = record([csv_file(tmp_path, "a.csv", [row, paused])])
    assert [(f["role"], f["part"]) for f in written.of(FactKind.EXIT)] == [
        ("repaired", "dishonest_judgment_debtor|（2024）豫1202执1号|2024-06-01"),
        ("suspended", "dishonest_judgment_debtor|（2024）豫1202执1号|2024-06-01"),
        ("suspension_ended", "dishonest_judgment_debtor|（2024）豫1202执1号|2024-12-01"),
    ]
