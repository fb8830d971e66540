"""From the TOML of a template to a `Template`; a mistake is refused with its line and field."""

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

import duckdb

from graph_service.domain.errors import MissingPath, TemplateError
from graph_service.domain.facts import FactKind, label
from loaders.template.fields import Fields
from loaders.template.locate import line_numbers
from loaders.template.model import (
    COLUMN_TYPES,
    PARTY_KINDS,
    Column,
    ColumnType,
    Condition,
    FactRule,
    LoadMode,
    Party,
    PartyKind,
    Severity,
    Template,
)
from loaders.template.names import check_names

TOP = (
    "title", "department", "row", "mode", "scope", "completeness", "reporting_lag", "rank", "citation", "date_column",
    "file_date", "separator", "whole", "columns", "parties", "facts",
)  # fmt: skip
COLUMN = ("headers", "type", "required", "filled", "bad", "unit", "values", "table", "document", "source")
PARTY = (
    "kind", "name", "codes", "kind_column", "within", "id", "scheme", "value", "entity", "required",
)  # fmt: skip
FACT = (
    "kind", "subject", "object", "role", "role_column", "part", "from", "to", "until", "available", "share", "votes",
    "amount", "name", "attrs", "constants", "when", "term", "one_per",
)  # fmt: skip
FACT_KINDS = {label(k): k for k in FactKind if k < FactKind.SAME_AS}
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
UNITS = {"yuan": 1, "元": 1, "万元": 10_000}


def parse_template(text: str, name: str, file: str) -> Template:
    """Read a template's text.

    Raises:
        TemplateError: with file, line and field of the first mistake.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise TemplateError(f"Template {file} is not valid TOML: {e}.") from e
    fields = Fields(file, line_numbers(text), (), table)
    fields.only(TOP)
    columns = tuple(_column(c) for c in _named(fields, "columns"))
    template = Template(
        name=name,
        title=fields.bilingual("title"),
        department=fields.bilingual("department"),
        row=fields.bilingual("row"),
        mode=cast("LoadMode", fields.choice("mode", ("delta", "snapshot"), "delta")),
        completeness=fields.bilingual("completeness"),
        lag=fields.number("reporting_lag", 0),
        rank=fields.number("rank", 50),
        citation=fields.text("citation"),
        columns=columns,
        parties=tuple(_party(p) for p in _named(fields, "parties")),
        facts=tuple(_fact(f) for f in fields.tables("facts")),
        scope=fields.optional("scope"),
        date_column=fields.optional("date_column"),
        file_date=fields.flag("file_date", default=True),
        separator=fields.optional("separator"),
        whole=fields.flag("whole"),
        by_name={c.name: c for c in columns},
    )
    check_names(fields, template)
    return template


def read_template_file(path: Path) -> Template:
    """Read a user's own template; its name is the file's.

    Raises:
        MissingPath, TemplateError.
    """
    if not path.is_file():
        raise MissingPath(f"There is no template file {path}; give the path of a .toml file.")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as e:
        raise TemplateError(f"Template {path.name} is not UTF-8; save it as UTF-8.") from e
    return parse_template(text, path.stem, path.name)


@cache
def taken_words() -> frozenset[str]:
    """Names that columns and parties cannot bear: words of SQL, and names that the staged rows have."""
    with duckdb.connect(":memory:") as con:
        rows = con.execute(
            "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category IN ('reserved', 'type_function')"
        ).fetchall()
    return frozenset({r[0] for r in rows} | {"line", "file", "rows", "stage", "reject", "useful", "all"})


def _named(fields: Fields, key: str) -> list[tuple[str, Fields]]:
    outer = fields.inner(key)
    if key == "columns" and not outer.table:
        fields.wrong(key, "a template needs at least one column")
    for name in outer.table:
        if not _NAME.fullmatch(name):
            outer.wrong(
                name, "names are small letters, digits and single underscores, and begin with a letter"
            )
        if name in taken_words():
            outer.wrong(name, f"the name {name} has a meaning of its own in SQL; choose another")
    return [(name, outer.inner(name)) for name in outer.table]


def _column(named: tuple[str, Fields]) -> Column:
    name, fields = named
    fields.only(COLUMN)
    headers = fields.texts("headers")
    if bool(headers) == ("source" in fields.table):
        fields.wrong("headers", "a column needs at least one header, or the source that it is derived from")
    column = Column(
        name=name,
        headers=headers,
        type=cast("ColumnType", fields.choice("type", COLUMN_TYPES, "text")),
        required=fields.flag("required"),
        filled=fields.flag("filled"),
        bad=cast("Severity", fields.choice("bad", ("reject", "note", "keep"), "reject")),
        unit=UNITS[fields.choice("unit", tuple(UNITS), "yuan")],
        table=fields.optional("table"),
        document=fields.optional("document"),
        source=fields.optional("source"),
        place=fields.place("table"),
    )
    if column.bad == "keep" and column.type != "enum":
        fields.wrong("bad", "only an enum can keep what it does not know")
    values = fields.inner("values")
    if bool(values.table or column.table) != (column.type == "enum"):
        fields.wrong("values", "an enum needs its values or a table of the rules, and only an enum has them")
    return replace(column, values=tuple((v, values.texts(v)) for v in values.table))


def _party(named: tuple[str, Fields]) -> Party:
    name, fields = named
    fields.only(PARTY)
    party = Party(
        name=name,
        kind=cast("PartyKind", fields.choice("kind", PARTY_KINDS)),
        names=fields.texts("name"),
        codes=fields.texts("codes"),
        kind_column=fields.optional("kind_column"),
        within=fields.texts("within"),
        id=fields.optional("id"),
        scheme=fields.optional("scheme"),
        value=fields.optional("value"),
        entity=fields.optional("entity"),
        required=fields.flag("required"),
    )
    _check_party(fields, party)
    return party


def _check_party(fields: Fields, party: Party) -> None:
    if party.kind in ("address", "contact"):
        if party.value is None:
            fields.wrong("value", "an address or contact needs the column that holds it")
    elif bool(party.id) != bool(party.scheme):
        fields.wrong("id", "an id needs its scheme, and a scheme its id")
    elif not (party.id or party.names or party.codes):
        fields.wrong("", "a party needs name, codes or id, else it cannot be identified")
    elif party.kind in ("person", "auto") and not (party.within or party.id):
        fields.wrong(
            "within", "a person known by name only needs the party or column inside which the name is one"
        )


def _fact(fields: Fields) -> FactRule:
    fields.only(FACT)
    kind = FACT_KINDS[fields.choice("kind", tuple(FACT_KINDS))]
    rule = FactRule(
        kind=kind,
        subject=fields.text("subject"),
        object=fields.optional("object"),
        role=fields.optional("role"),
        role_column=fields.optional("role_column"),
        part=fields.texts("part"),
        starts=fields.texts("from"),
        ends=fields.texts("to"),
        until=fields.texts("until"),
        available=fields.texts("available"),
        share=fields.optional("share"),
        votes=fields.optional("votes"),
        amount=fields.texts("amount"),
        text=fields.texts("name"),
        attrs=_pairs(fields),
        constants=_constants(fields),
        when=_conditions(fields.inner("when")),
        term=_term(fields),
        one_per=fields.optional("one_per"),
        place=fields.place("role"),
    )
    _check_fact(fields, rule)
    return rule


def _check_fact(fields: Fields, rule: FactRule) -> None:
    if FactKind.HOLDS <= rule.kind <= FactKind.PLEDGES and rule.object is None:
        fields.wrong("object", f"a relation `{label(rule.kind)}` needs its object")
    needs_role = rule.kind in (FactKind.RECORD, FactKind.EXIT, FactKind.ALIAS, FactKind.CHANGE)
    if needs_role and not (rule.role or rule.role_column):
        fields.wrong("role", f"a fact of kind `{label(rule.kind)}` needs role or role_column")
    if rule.one_per and rule.one_per not in (rule.subject, rule.object):
        fields.wrong("one_per", "must be the subject or the object of this fact")
    if rule.one_per and rule.object is None:
        fields.wrong("one_per", "only relations can be one at a time")
    if rule.kind is FactKind.ALIAS and not rule.text:
        fields.wrong("name", "an alias needs the column that holds it")


def _pairs(fields: Fields) -> tuple[tuple[str, tuple[str, ...]], ...]:
    inner = fields.inner("attrs")
    return tuple((key, inner.texts(key)) for key in inner.table)


def _constants(fields: Fields) -> tuple[tuple[str, str | bool | int | float], ...]:
    inner = fields.inner("constants")
    for key, value in inner.table.items():
        if not isinstance(value, str | bool | int | float):
            inner.wrong(key, "must be a text, a number, true or false")
    return tuple(inner.table.items())


def _conditions(fields: Fields) -> tuple[Condition, ...]:
    return tuple(
        Condition(key, given=value) if isinstance(value, bool) else Condition(key, values=fields.texts(key))
        for key, value in fields.table.items()
    )


def _term(fields: Fields) -> str:
    term = fields.text("term", "rule")
    if term not in ("rule", "none") and not term.isdecimal():
        fields.wrong("term", 'must be "rule", "none" or a number of months as text')
    return term
