"""Whether the names that a template uses are names that it defines."""

from loaders.template.fields import Fields
from loaders.template.model import FactRule, Template


def check_names(fields: Fields, template: Template) -> None:
    """Refuse names of columns and parties that do not exist, and headers that two columns share.

    Raises:
        TemplateError: with line and field.
    """
    columns, parties = set(template.by_name), {p.name for p in template.parties}
    _check_headers(fields, template)
    for both in sorted(columns & parties):
        fields.inner("parties").wrong(both, "a party may not bear the name of a column")
    _check_top(fields, template, columns, parties)
    for column in template.columns:
        inner = fields.inner("columns").inner(column.name)
        _known(inner, "document", inner.texts("document"), columns - {column.name})
        _known(inner, "source", inner.texts("source"), {c.name for c in template.columns if c.headers})
    for party in template.parties:
        inner = fields.inner("parties").inner(party.name)
        for key in ("name", "codes", "kind_column", "id", "value"):
            _known(inner, key, inner.texts(key), columns)
        _known(inner, "within", inner.texts("within"), columns | parties - {party.name})
    for rule, inner in zip(template.facts, fields.tables("facts"), strict=True):
        _check_rule(inner, rule, columns, parties)
        if rule.one_per and template.scope is not None:
            inner.wrong(
                "one_per", "a complete list ends what it leaves out by itself; only a delta may have it"
            )


def _check_headers(fields: Fields, template: Template) -> None:
    from loaders.template.fit import normal_header  # noqa: PLC0415 - fit builds on Template, which this module checks

    seen: dict[str, str] = {}
    for column in template.columns:
        for header in map(normal_header, column.headers):
            if seen.setdefault(header, column.name) != column.name:
                inner = fields.inner("columns").inner(column.name)
                inner.wrong("headers", f"the header {header} belongs to the column {seen[header]} already")


def _check_top(fields: Fields, template: Template, columns: set[str], parties: set[str]) -> None:
    if (template.mode == "snapshot") != (template.scope is not None):
        fields.wrong("scope", "a snapshot needs the scope that it covers, and only a snapshot has one")
    _known(fields, "scope", fields.texts("scope"), columns | parties | {"all"})
    _known(fields, "date_column", fields.texts("date_column"), columns)


def _check_rule(fields: Fields, rule: FactRule, columns: set[str], parties: set[str]) -> None:
    for key in ("subject", "object"):
        _known(fields, key, fields.texts(key), parties)
    _known(fields, "part", tuple(p.removeprefix("#") for p in rule.part), columns)
    for key in ("role_column", "from", "to", "until", "available", "share", "votes", "amount", "name"):
        _known(fields, key, fields.texts(key), columns)
    inner = fields.inner("attrs")
    for attribute, source in rule.attrs:
        _known(inner, attribute, source, columns | parties)
    for condition in rule.when:
        _known(fields.inner("when"), condition.subject, (condition.subject,), columns | parties)


def _known(fields: Fields, key: str, used: tuple[str, ...], known: set[str]) -> None:
    for name in used:
        if name not in known:
            fields.wrong(
                key, f"{name!r} is not among {', '.join(sorted(known)) or 'the names of this template'}"
            )
