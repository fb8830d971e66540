"""A template with a mistake is refused with its line and field; one without says what it said."""

from pathlib import Path

import pytest

from graph_service.domain.errors import MissingPath, TemplateError, UnknownTemplate
from loaders.template import read_template
from loaders.template.locate import line_numbers, line_of
from loaders.template.parse import parse_template, read_template_file

GOOD = """title = { zh = "甲", en = "A" }
department = { zh = "甲局", en = "Office A" }
row = { zh = "一行", en = "One row" }
completeness = { zh = "全部", en = "All" }
citation = "甲"

[columns.firm_name]
headers = ["单位"]
type = "name"

[columns.state]
headers = ["状态"]
type = "enum"
[columns.state.values]
on = ["有效*"]

[parties.firm]
kind = "organisation"
name = "firm_name"

[[facts]]
kind = "record"
subject = "firm"
role = "honour"
name = "firm_name"
"""


def mistake(old: str, new: str) -> str:
    assert old in GOOD
    with pytest.raises(TemplateError) as error:
        parse_template(GOOD.replace(old, new, 1), "a", "a.toml")
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('citation = "甲"', "", "line 1, field citation: this field is missing"),
        ('en = "Office A"', 'fr = "Office A"', "line 2, field department: must be"),
        ('type = "name"', 'type = "nome"', "line 9, field columns.firm_name.type: 'nome' is not one of text"),
        ('headers = ["单位"]', 'header = ["单位"]', "line 8, field columns.firm_name.header: no such field"),
        ('headers = ["单位"]', "headers = 5", "line 8, field columns.firm_name.headers: must be a text or a list"),
        ('["状态"]', '["单 位"]', "line 12, field columns.state.headers: the header 单位 belongs to"),
        ('type = "enum"', 'type = "text"', "line 14, field columns.state.values: an enum needs its values"),
        ("[columns.firm_name]", "[columns.select]", "line 7, field columns.select: the name select has a meaning"),
        ("[columns.firm_name]", "[columns.Firm]", "line 7, field columns.Firm: names are small letters"),
        ('kind = "organisation"', 'kind = "person"', "line 17, field parties.firm.within: a person known by name"),
        ('name = "firm_name"', 'name = "nobody"', "line 19, field parties.firm.name: 'nobody' is not among"),
        ('subject = "firm"', 'subject = "farm"', "line 23, field facts.1.subject: 'farm' is not among firm"),
        ('kind = "record"', 'kind = "holds"', "line 21, field facts.1.object: a relation `holds` needs its object"),
        ('role = "honour"', "", "line 21, field facts.1.role: a fact of kind `record` needs role"),
        ('role = "honour"', 'role = "honour"\nterm = "soon"', "line 25, field facts.1.term: must be"),
        ('citation = "甲"', 'citation = "甲"\nmode = "snapshot"', "field scope: a snapshot needs the scope"),
        ('citation = "甲"', 'citation = "甲"\nreporting_lag = -1', "line 6, field reporting_lag: must be a"),
        ('citation = "甲"', 'citation = "甲"\nwhole = 1', "line 6, field whole: must be true or false"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_line_and_field(old: str, new: str, where: str) -> None:
    assert mistake(old, new).startswith("Template a.toml, ")
    assert where in mistake(old, new)


def test_broken_toml_names_its_line() -> None:
    with pytest.raises(TemplateError, match=r"line 3"):
        parse_template("a = 1\nb = 2\nc = \n", "a", "a.toml")


def test_a_template_without_columns_is_refused() -> None:
    with pytest.raises(TemplateError, match="at least one column"):
        parse_template(GOOD[: GOOD.index("[columns.firm_name]")], "a", "a.toml")


def test_a_good_template_is_read() -> None:
    template = parse_template(GOOD, "a", "a.toml")
    assert (template.name, template.mode, template.rank, str(template.title)) == ("a", "delta", 50, "甲 · A")
    assert template.column("state").values == (("on", ("有效*",)),)
    assert not template.yields_persons


def test_a_reference_that_is_neither_name_nor_file_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(UnknownTemplate, match="templates list"):
        read_template("no_such")
    with pytest.raises(MissingPath):
        read_template_file(tmp_path / "x.toml")


def test_a_user_s_file_bears_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "my_feed.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert read_template(path).name == "my_feed"
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(TemplateError, match="UTF-8"):
        read_template(path)


def test_lines_of_nested_and_repeated_tables_are_found() -> None:
    lines = line_numbers('a = 1\n[b]\n"c d" = 2\n[[e]]\nf = 1\n[[e]]\nf = 2\n')
    assert (lines["b", "c d"], lines["e", 0, "f"], lines["e", 1, "f"]) == (3, 5, 7)
    assert line_of(lines, ("e", 1, "missing", "deep")) == 6
