"""A fact rule as a SELECT over the staged rows, with the columns of FACT_SCHEMA."""

from collections.abc import Mapping

from graph_service.domain.facts import FactKind, label
from loaders.normalize.sql import days, first_of, iso_date, quoted
from loaders.template.model import Condition, FactRule, Template

ENDING = tuple(k for k in FactKind if FactKind.HOLDS <= k <= FactKind.RECORD)
"""Kinds of fact that a complete list ends by leaving them out."""
FILE = "getvariable('file')::SMALLINT"
"""Number of the file inside the delivery."""
Terms = Mapping[str, int]
"""Months that a record of a kind lasts, by the rules."""


def condition_sql(template: Template, conditions: tuple[Condition, ...]) -> str:
    """All conditions of a rule."""
    return " AND ".join(_condition(template, c) for c in conditions) or "TRUE"


def _condition(template: Template, condition: Condition) -> str:
    is_column = condition.subject in template.by_name
    if condition.given is not None:
        subject = condition.subject if is_column else f"{condition.subject}__id"
        return f"{subject} IS {'NOT ' if condition.given else ''}NULL"
    subject = f"{condition.subject}::VARCHAR" if is_column else f"{condition.subject}__kind"
    positive = [quoted(v) for v in condition.values if not v.startswith("!")]
    negative = [quoted(v[1:]) for v in condition.values if v.startswith("!")]
    parts = [f"{subject} IN ({', '.join(positive)})"] if positive else []
    parts += [f"coalesce({subject} NOT IN ({', '.join(negative)}), TRUE)"] if negative else []
    return f"coalesce({' AND '.join(parts)}, FALSE)"


def applies(template: Template, rule: FactRule) -> str:
    """Whether the row yields this fact."""
    parts = [f"{rule.subject}__id IS NOT NULL", condition_sql(template, rule.when)]
    if rule.object:
        parts.append(f"{rule.object}__id IS NOT NULL")
    if rule.role_column:
        parts.append(f"{_role(rule)} IS NOT NULL")
    if rule.kind is FactKind.ALIAS:
        parts.append(f"coalesce({_text(template, rule.text)} <> coalesce({rule.subject}__name, ''), FALSE)")
    return " AND ".join(parts)


def interval(rule: FactRule, terms: Terms) -> tuple[str, str, str]:
    """Expressions of valid_from, valid_to (exclusive) and whether the end was computed from the rules' term."""
    start = first_of(list(rule.starts), "INTEGER")
    ends = [f"{c} + 1" for c in rule.ends]
    stated = first_of([*rule.until, *ends], "INTEGER")
    if rule.kind is FactKind.CHANGE:
        return start, f"{start} + 1", "FALSE"
    months = _months(rule, terms)
    if months is None:
        return start, stated, "FALSE"
    computed = days(f"((DATE '1970-01-01' + {start}) + to_months({months}))::DATE")
    return start, f"coalesce({stated}, {computed})", f"({stated} IS NULL AND {start} IS NOT NULL)"


def _months(rule: FactRule, terms: Terms) -> int | None:
    if rule.term.isdecimal():
        return int(rule.term)
    if rule.kind is not FactKind.RECORD or rule.term == "none" or rule.role is None:
        return None
    return terms.get(rule.role)


def fact_select(template: Template, rule: FactRule, terms: Terms) -> str:
    """SELECT of FACT_SCHEMA over the accepted rows."""
    start, end, is_term = interval(rule, terms)
    lag = f"{start} + {template.lag}" if template.lag else start
    fields = {
        "kind": f"{int(rule.kind)}::SMALLINT",
        "subject": f"{rule.subject}__id",
        "object": f"{rule.object}__id" if rule.object else "NULL::VARCHAR",
        "role": _role(rule),
        "part": _part(rule, template, start),
        "valid_from": f"({start})::INTEGER",
        "valid_to": f"({end})::INTEGER",
        "available_from": f"({first_of([*rule.available, lag], 'INTEGER')})::INTEGER",
        "share": f"{rule.share or 'NULL'}::DOUBLE",
        "votes": _votes(rule),
        "amount": f"{first_of(list(rule.amount), 'DOUBLE')}::DOUBLE",
        "name": _name(template, rule),
        "attrs": attributes(template, rule, is_term),
        "scope": _scope(template, rule),
        "file": FILE,
        "line": "line::BIGINT",
    }
    columns = ", ".join(f"{expression} AS {alias}" for alias, expression in fields.items())
    return f"SELECT {columns} FROM stage WHERE reject IS NULL AND {applies(template, rule)}"


def _role(rule: FactRule) -> str:
    return rule.role_column or (quoted(rule.role) if rule.role else "NULL::VARCHAR")


def _votes(rule: FactRule) -> str:
    if not rule.votes:
        return "NULL::DOUBLE"
    return f"CASE WHEN {rule.votes} IS DISTINCT FROM {rule.share or 'NULL'} THEN {rule.votes} END"


def _text(template: Template, columns: tuple[str, ...]) -> str:
    return first_of([as_text(template, c) for c in columns])


def _name(template: Template, rule: FactRule) -> str:
    if rule.text:
        return _text(template, rule.text)
    return f"{rule.subject}__name" if rule.kind is FactKind.PROFILE else "NULL::VARCHAR"


def _part(rule: FactRule, template: Template, start: str) -> str:
    """What else makes it the same fact; a record without a document: a hash of what the row says of it."""
    pieces = [_piece(template, c) for c in rule.part]
    filled = " OR ".join(f"{c.removeprefix('#')} IS NOT NULL" for c in rule.part)
    joined = f"concat_ws('|', {', '.join(pieces)})" if len(pieces) > 1 else (pieces or ["NULL"])[0]
    if rule.kind not in (FactKind.RECORD, FactKind.EXIT, FactKind.CHANGE):
        return f"CASE WHEN {filled} THEN {joined} END" if pieces else "NULL::VARCHAR"
    told = [f"({start})::VARCHAR"]
    told += [as_text(template, c) for c in (*rule.text, *(c for _, columns in rule.attrs for c in columns))]
    hashed = f"'h:' || left(sha256(concat_ws('|', {', '.join(told)})), 16)"
    return f"CASE WHEN {filled} THEN {joined} ELSE {hashed} END" if pieces else hashed


def _piece(template: Template, column: str) -> str:
    if column.startswith("#"):
        return f"left(sha256(coalesce({as_text(template, column[1:])}, '')), 16)"
    return f"coalesce({as_text(template, column)}, '')"


def _scope(template: Template, rule: FactRule) -> str:
    if rule.one_per:
        return (
            f"concat_ws(chr(31), 'one', '{int(rule.kind)}', coalesce({_role(rule)}, ''), {rule.one_per}__id)"
        )
    return scope_sql(template) if template.scope and rule.kind in ENDING else "NULL::VARCHAR"


def scope_sql(template: Template) -> str:
    """What part of the world a row of a snapshot lies in."""
    scope = template.scope or "all"
    if scope == "all":
        return "'all'"
    return as_text(template, scope) if scope in template.by_name else f"{scope}__id"


def as_text(template: Template, source: str) -> str:
    """A column (dates as ISO) or a party (its id) as text."""
    if source not in template.by_name:
        return f"{source}__id"
    return iso_date(source) if template.column(source).type == "date" else f"{source}::VARCHAR"


def attributes(template: Template, rule: FactRule, is_term: str) -> str:
    """Canonical JSON: sorted keys, nothing empty, no spaces; null when nothing is left."""
    pieces = {key: first_of([_json(template, s) for s in sources]) for key, sources in rule.attrs}
    pieces |= {key: _constant(value) for key, value in rule.constants}
    if is_term != "FALSE":
        pieces["term"] = f"CASE WHEN {is_term} THEN '\"rule\"' END"
    if rule.kind is FactKind.PROFILE:
        pieces |= person_attributes(rule.subject) if _has_marks(template, rule.subject) else {}
    return json_object(pieces)


def _has_marks(template: Template, party: str) -> bool:
    return template.party(party).kind in ("person", "auto", "organisation")


def person_attributes(party: str) -> dict[str, str]:
    """What a profile says of a person: masked number, candidate keys."""
    return {"masked": f"to_json({party}__mask)::VARCHAR", "candidate": f"{party}__candidate"}


def json_object(pieces: Mapping[str, str]) -> str:
    """An object of the pieces that are not null."""
    if not pieces:
        return "NULL::VARCHAR"
    members = ", ".join(f"{quoted(quoted_key(key) + ':')} || ({pieces[key]})" for key in sorted(pieces))
    return f"nullif('{{' || concat_ws(',', {members}) || '}}', '{{}}')"


def quoted_key(key: str) -> str:
    """A key as JSON."""
    return f'"{key}"'


def _json(template: Template, source: str) -> str:
    is_number = source in template.by_name and template.column(source).type in (
        "amount",
        "percent",
        "integer",
    )
    if is_number:
        return f"to_json({source})::VARCHAR"
    if source in template.by_name and template.column(source).type == "enum":
        flags = {"true", "false"}
        if {v for v, _ in template.column(source).values} <= flags:
            return source
    return f"to_json({as_text(template, source)})::VARCHAR"


def _constant(value: str | bool | float) -> str:
    if isinstance(value, bool):
        return "'true'" if value else "'false'"
    return f"to_json({quoted(value) if isinstance(value, str) else value})::VARCHAR"


def describe(rule: FactRule) -> str:
    """A rule in words, for messages."""
    return " ".join(filter(None, (rule.subject, label(rule.kind), rule.object, rule.role)))
