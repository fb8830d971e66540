"""A column of a template over a file: the steps of SQL from its text to its value, and what is checked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from loaders.normalize import amounts, codes, contacts, dates, numbers
from loaders.normalize.sql import any_of, filled, half_width, quoted, trimmed, without_person_numbers
from loaders.template.model import Column, Severity


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """What a column's meaning depends on besides its cells.

    `header`: as the file writes it, None where the file lacks the column. `small_are_percents`: a share without a
    sign is per cent even if it is at most 1. `document`: expression of the certificate's type, if there is one.
    """

    header: str | None
    today: date
    small_are_percents: bool = False
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A check of one column as a condition over its steps."""

    code: str
    condition: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Typed:
    """Steps (alias -> expression; each may use the aliases of the steps before) and checks of a column."""

    steps: tuple[dict[str, str], ...]
    findings: tuple[Finding, ...] = ()


def typed_column(column: Column, raw: str, context: ColumnContext) -> Typed:
    """SQL of the column over the expression `raw`. The value's alias is the column's name.

    Further aliases: `X__t` text as it is compared, `X__c` null where it says that there is nothing; of codes and
    numbers `X__k` kind, `X__id` organisation id, `X__org` organisation code; of numbers `X__person`, `X__v10`,
    `X__v6`; of amounts `X__currency`.
    """
    typed = _TYPES[column.type](column, raw, context)
    if context.header is None and column.source is None:
        return Typed((_nothing(column, typed),))
    if not column.filled:
        return typed
    missing = Finding("missing_value", f"{column.name}__c IS NULL", "reject")
    return Typed(typed.steps, (missing, *typed.findings))


_NULLS = {"date": "INTEGER", "amount": "DOUBLE", "percent": "DOUBLE", "integer": "BIGINT"}


def _nothing(column: Column, typed: Typed) -> dict[str, str]:
    """The aliases of a column that the file lacks: null, at no cost."""
    aliases = [a for step in typed.steps for a in step]
    nulls = {a: "BOOLEAN" if a.endswith(("__region", "__odd")) else "VARCHAR" for a in aliases}
    nulls[column.name] = _NULLS.get(column.type, "VARCHAR")
    return {a: f"NULL::{type_}" for a, type_ in nulls.items()}


def _cleaned(n: str, text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The first two steps of every column."""
    return {f"{n}__t": text}, {f"{n}__c": filled(f"{n}__t")}


def _text(column: Column, raw: str, _: ColumnContext) -> Typed:
    n = column.name
    return Typed((*_cleaned(n, trimmed(raw)), {n: without_person_numbers(f"{n}__c")}))


def _name(column: Column, raw: str, _: ColumnContext) -> Typed:
    n = column.name
    narrow = f"regexp_replace({n}__r, '\\s+', ' ', 'g')"
    spaced = f"CASE WHEN regexp_matches({n}__r, '\\s') THEN {narrow} ELSE {n}__r END"
    steps = ({f"{n}__r": half_width(raw)}, *_cleaned(n, trimmed(spaced)))
    return Typed((*steps, {n: without_person_numbers(f"{n}__c")}))


def _code(column: Column, raw: str, _: ColumnContext) -> Typed:
    n, c, k = column.name, f"{column.name}__c", f"{column.name}__k"
    values = {
        f"{n}__id": codes.organisation_id(c, k),
        f"{n}__org": codes.organisation_code(c, k),
        n: f"CASE WHEN {k} IN {any_of(numbers.ORGANISATION_KINDS)} THEN {c} END",
        f"{n}__region": codes.unknown_region(c, k),
    }
    return Typed(
        (*_cleaned(n, codes.clean_code(raw)), {k: codes.code_kind(c)}, values),
        _code_findings(column, "code_form"),
    )


def _code_findings(column: Column, form: str) -> tuple[Finding, ...]:
    c, k, bad = f"{column.name}__c", f"{column.name}__k", column.bad
    return (
        Finding(form, f"{k} = 'form'", bad),
        Finding("uscc_check", f"{k} = 'uscc_check'", bad),
        Finding("uscc_organisation", f"{k} = 'uscc_organisation'", bad),
        Finding("org_check", f"{k} = 'org_check'", bad),
        Finding("uscc_region", f"{column.name}__region", "note"),
        Finding("uscc_category", codes.unknown_category(c, k), "note"),
        Finding(
            "regno_check",
            f"CASE WHEN {k} = 'regno' AND length({c}) = 15 THEN NOT {codes.regno_checks(c)} END",
            "note",
        ),
    )


def _number(column: Column, raw: str, context: ColumnContext) -> Typed:
    n, c, k = column.name, f"{column.name}__c", f"{column.name}__k"
    citizen, code, full = f"{n}__citizen", f"{n}__code", f"{n}__full"
    values = {
        f"{n}__id": codes.organisation_id(c, k),
        f"{n}__org": codes.organisation_code(c, k),
        f"{n}__person": numbers.person_id(c, k, full),
        f"{n}__v10": numbers.visible(c, k, full, 10),
        f"{n}__v6": numbers.visible(c, k, full, 6),
        f"{n}__mask": numbers.masked(c, k),
        f"{n}__region": codes.unknown_region(c, k),
        f"{n}__odd": f"CASE WHEN {k} = 'regno' AND length({c}) = 15 THEN NOT {codes.regno_checks(c)} "
        f"ELSE {codes.unknown_category(c, k)} END",
        n: f"CASE WHEN {k} IN {any_of(numbers.ORGANISATION_KINDS)} THEN {c} ELSE {numbers.masked(c, k)} END",
    }
    kinds = (*numbers.PERSON_KINDS, *numbers.ORGANISATION_KINDS)
    checks = ("uscc_check", "uscc_organisation", "org_check", "citizen_birth", "citizen_check")
    known = any_of((*kinds, *checks))
    findings = (
        Finding("number_form", f"{k} NOT IN {known}", column.bad),
        *(Finding(code, f"{k} = '{code}'", column.bad) for code in checks),
        Finding("uscc_region", f"{n}__region", "note"),
        Finding("regno_check", f"{k} = 'regno' AND {n}__odd", "note"),
        Finding("uscc_category", f"{k} = 'uscc' AND {n}__odd", "note"),
    )
    looked = {citizen: numbers.citizen_kind(c, context.today), code: codes.code_kind(c)}
    told = {
        k: numbers.number_kind(c, citizen, code, context.document),
        full: f"CASE WHEN {citizen} = 'citizen' THEN {numbers.eighteen(c)} END",
    }
    return Typed((*_cleaned(n, codes.clean_code(raw)), looked, told, values), findings)


def _date(column: Column, raw: str, _: ColumnContext) -> Typed:
    n, c, i = column.name, f"{column.name}__c", f"{column.name}__i"
    steps = (*_cleaned(n, dates.clean_date(raw)), {i: dates.iso_text(c)}, {n: dates.date_days(i)})
    findings = (
        Finding("bad_date", dates.is_bad_date(c, i, n), column.bad),
        Finding("month_only", f"{n} IS NOT NULL AND {dates.is_month_only(c)}", "note"),
    )
    return Typed(steps, findings)


def _amount(column: Column, raw: str, context: ColumnContext) -> Typed:
    n, c, v = column.name, f"{column.name}__c", f"{column.name}__v"
    unit = 10_000 if "万元" in (context.header or "") else column.unit
    value = f"round({v} * {amounts.factor_of(c, unit)}, 2)"
    negative = "" if column.bad == "reject" else f"CASE WHEN {v} >= 0 THEN "
    steps = (
        *_cleaned(n, amounts.clean_amount(raw)),
        {v: amounts.number_in(c)},
        {n: f"{negative}{value}{' END' if negative else ''}", f"{n}__currency": amounts.currency_of(c)},
    )
    findings = (
        Finding("bad_amount", f"{c} IS NOT NULL AND {v} IS NULL", column.bad),
        Finding("negative_amount", f"{v} < 0", column.bad),
        Finding("foreign_currency", f"{n}__currency IS NOT NULL", "note"),
    )
    return Typed(steps, findings)


def _percent(column: Column, raw: str, context: ColumnContext) -> Typed:
    n, c, v, s = column.name, f"{column.name}__c", f"{column.name}__v", f"{column.name}__s"
    whole = context.small_are_percents or "%" in half_text(context.header)
    steps = (
        *_cleaned(n, amounts.clean_percent(raw)),
        {v: amounts.percent_number(c)},
        {s: amounts.fraction(c, v, small_are_percents=whole)},
        {n: f"CASE WHEN {s} BETWEEN 0 AND 1.0000001 THEN least({s}, 1.0) END"},
    )
    findings = (
        Finding("bad_percent", f"{c} IS NOT NULL AND {v} IS NULL", column.bad),
        Finding("negative_share", f"{s} < 0", column.bad),
        Finding("share_over_100", f"{s} > 1.0000001", column.bad),
    )
    return Typed(steps, findings)


def half_text(header: str | None) -> str:
    """A header with a narrow per cent sign."""
    return (header or "").replace("％", "%")


def _integer(column: Column, raw: str, _: ColumnContext) -> Typed:
    n, c = column.name, f"{column.name}__c"
    bad = Finding("bad_integer", f"{c} IS NOT NULL AND {n} IS NULL", column.bad)
    return Typed((*_cleaned(n, amounts.clean_integer(raw)), {n: amounts.integer(c)}), (bad,))


def _enum(column: Column, raw: str, _: ColumnContext) -> Typed:
    n, c = column.name, f"{column.name}__c"
    whens: list[str] = []
    for value, spellings in column.values:
        exact = tuple(s.lower() for s in (*spellings, value) if not s.endswith("*"))
        whens.append(f"WHEN {c} IN {any_of(exact)} THEN {quoted(value)}")
    for value, spellings in column.values:
        whens += [
            f"WHEN starts_with({c}, {quoted(s[:-1].lower())}) THEN {quoted(value)}"
            for s in spellings
            if s[-1] == "*"
        ]
    steps = _cleaned(n, f"lower(translate({half_width(raw)}, ' ', ''))")
    kept = f" ELSE {c}" if column.bad == "keep" else ""
    unknown = Finding("unknown_value", f"{c} IS NOT NULL AND {n} IS NULL", column.bad)
    return Typed(
        (*steps, {n: f"CASE {' '.join(whens)}{kept} END"}), () if column.bad == "keep" else (unknown,)
    )


def _telephone(column: Column, raw: str, _: ColumnContext) -> Typed:
    n, c = column.name, f"{column.name}__c"
    bad = Finding("bad_telephone", f"{c} IS NOT NULL AND {n} IS NULL", "note")
    return Typed((*_cleaned(n, trimmed(raw)), {n: contacts.telephone(c)}), (bad,))


def _email(column: Column, raw: str, _: ColumnContext) -> Typed:
    n, c = column.name, f"{column.name}__c"
    bad = Finding("bad_email", f"{c} IS NOT NULL AND {n} IS NULL", "note")
    return Typed((*_cleaned(n, trimmed(half_width(raw))), {n: contacts.email(c)}), (bad,))


_TYPES: dict[str, Callable[[Column, str, ColumnContext], Typed]] = {
    "text": _text, "name": _name, "code": _code, "number": _number, "date": _date, "amount": _amount,
    "percent": _percent, "integer": _integer, "enum": _enum, "telephone": _telephone, "email": _email,
    "address": _text,
}  # fmt: skip
