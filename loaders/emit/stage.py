"""A template over the header of one file: the statement that stages its rows, and the queries over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from graph_service.domain.facts import FactKind
from loaders.emit.facts import (
    Terms,
    applies,
    fact_select,
    interval,
    json_object,
    person_attributes,
    scope_sql,
)
from loaders.emit.parties import party_steps
from loaders.normalize import ColumnContext, typed_column
from loaders.normalize.sql import name as quoted_name
from loaders.template.model import Column, Party, Severity, Template


@dataclass(frozen=True, slots=True)
class Finding:
    """A check over the stage: `column` is the header that a message names."""

    code: str
    condition: str
    severity: Severity
    column: str | None


@dataclass(frozen=True, slots=True)
class FileContext:
    """A file as its template sees it.

    `headers`: column name -> header in the file; `small_are_percents`: percentage columns whose values without a
    sign are all per cent; `terms`: months that records last by the rules.
    """

    headers: Mapping[str, str]
    today: date
    small_are_percents: frozenset[str] = frozenset()
    terms: Terms = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """SQL of one file. `staging` reads the table `rows` between the parameters `first` and `last` (lines).

    The staged table has `reject` (index in `rejects`, null: accepted), `note_0` … (booleans), `useful`.
    """

    staging: str
    rejects: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    entities: tuple[str, ...]
    facts: tuple[str, ...]
    holdings: str | None
    covered: str | None
    protected: str | None


def compile_stage(template: Template, context: FileContext) -> Stage:
    """All SQL that the template means for this file."""
    steps, findings = _columns(template, context)
    for party in _in_order(template.parties):
        steps = _after(steps, party_steps(template, party))
    findings += _row_findings(template, context)
    rejects = tuple(f for f in findings if f.severity == "reject")
    notes = tuple(f for f in findings if f.severity == "note")
    return Stage(
        staging=_staging(template, context, steps, (rejects, notes)),
        rejects=rejects,
        notes=(*notes, Finding("unused", "NOT useful", "note", None)),
        entities=tuple(_entity_select(p) for p in template.parties),
        facts=(*(fact_select(template, r, context.terms) for r in template.facts), *_mentions(template)),
        holdings=_holdings(template, context),
        covered=_covered(template),
        protected=_protected(template),
    )


Steps = list[dict[str, str]]


def _columns(template: Template, context: FileContext) -> tuple[Steps, list[Finding]]:
    steps: Steps = []
    findings: list[Finding] = []
    # What a column is derived from, or a certificate's type, has to be known a step earlier.
    derived = [c for c in template.columns if c.source]
    late = [c for c in template.columns if c.document]
    first = [c for c in template.columns if c not in derived and c not in late]
    for batch in (first, derived, late):
        batch_steps: Steps = []
        for column in batch:
            typed = typed_column(column, _raw(column, context), _column_context(column, context))
            batch_steps = _beside(batch_steps, typed.steps)
            header = context.headers.get(column.source or column.name)
            if header is not None:
                findings += [Finding(f.code, f.condition, f.severity, header) for f in typed.findings]
        steps = _after(steps, tuple(batch_steps))
    return steps, findings


def _raw(column: Column, context: FileContext) -> str:
    if column.source:
        return f"{column.source}::VARCHAR"
    header = context.headers.get(column.name)
    return f"raw_{column.name}" if header is not None else "NULL::VARCHAR"


def _column_context(column: Column, context: FileContext) -> ColumnContext:
    return ColumnContext(
        context.headers.get(column.name),
        context.today,
        column.name in context.small_are_percents,
        column.document,
    )


def _beside(steps: Steps, more: tuple[dict[str, str], ...]) -> Steps:
    """Steps of two things that do not depend on each other."""
    longest = max(len(steps), len(more))
    return [(steps[i] if i < len(steps) else {}) | (more[i] if i < len(more) else {}) for i in range(longest)]


def _after(steps: Steps, more: tuple[dict[str, str], ...]) -> Steps:
    return [*steps, *more]


def _in_order(parties: tuple[Party, ...]) -> list[Party]:
    """Parties such that one inside which others are named comes first."""
    ordered: list[Party] = []
    waiting = list(parties)
    while waiting:
        names = {p.name for p in waiting}
        ready = [p for p in waiting if not names.intersection(p.within)] or waiting[:1]
        ordered += ready
        waiting = [p for p in waiting if p not in ready]
    return ordered


def _row_findings(template: Template, context: FileContext) -> list[Finding]:
    findings = [
        Finding("no_party", f"{p.name}__id IS NULL", "reject", _party_headers(p, context))
        for p in template.parties
        if p.required
    ]
    for rule in template.facts:
        start, end, _ = interval(rule, {})
        if rule.kind is not FactKind.CHANGE and rule.starts and (rule.ends or rule.until):
            where = context.headers.get((*rule.until, *rule.ends)[0])
            late = Finding(
                "end_before_start", f"{end} < {start} AND {applies(template, rule)}", "reject", where
            )
            findings += [late] if where is not None and late not in findings else []
        if rule.kind is FactKind.HOLDS and rule.object:
            same = f"{rule.subject}__id = {rule.object}__id AND {applies(template, rule)}"
            findings.append(Finding("self_holding", same, "note", None))
        if rule.kind is FactKind.RECORD and rule.starts:
            where = context.headers.get(rule.starts[0])
            findings.append(
                Finding("no_start", f"{start} IS NULL AND {applies(template, rule)}", "note", where)
            )
    return findings


def _party_headers(party: Party, context: FileContext) -> str:
    used = (*party.codes, *party.names, *filter(None, (party.id, party.value)))
    return "、".join(context.headers[c] for c in used if c in context.headers)


def _staging(
    template: Template,
    context: FileContext,
    steps: Steps,
    findings: tuple[tuple[Finding, ...], tuple[Finding, ...]],
) -> str:
    raws = "".join(f", {quoted_name(h)} AS raw_{c}" for c, h in context.headers.items())
    query = f"SELECT line{raws} FROM rows WHERE line BETWEEN $first AND $last"
    for step in filter(None, steps):
        added = ", ".join(f"{expression} AS {alias}" for alias, expression in step.items())
        query = f"SELECT *, {added} FROM ({query})"
    rejects, notes = findings
    whens = " ".join(f"WHEN {f.condition} THEN {i}" for i, f in enumerate(rejects))
    columns = [f"(CASE {whens} END)::SMALLINT AS reject" if whens else "NULL::SMALLINT AS reject"]
    columns += [f"coalesce({f.condition}, FALSE) AS note_{i}" for i, f in enumerate(notes)]
    useful = " OR ".join(f"({applies(template, r)})" for r in template.facts) or "FALSE"
    columns.append(f"coalesce({useful}, FALSE) AS useful")
    kept = ", ".join(["line", *_kept(template), *columns])
    return f"CREATE OR REPLACE TEMP TABLE stage AS SELECT {kept} FROM ({query})"


def _kept(template: Template) -> list[str]:
    """Of all steps, only what facts and messages need: never a number in clear."""
    kept = [c.name for c in template.columns]
    for p in template.parties:
        kept += [f"{p.name}__{x}" for x in ("id", "kind", "name")]
        if p.kind not in ("address", "contact"):
            kept += [f"{p.name}__{x}" for x in ("norm", "mask", "candidate", "org", "readable")]
    return kept


def _entity_select(party: Party) -> str:
    p = party.name
    return (
        f"SELECT {p}__id AS id, any_value({p}__kind) AS kind, coalesce(any_value({p}__name), "
        f"split_part({p}__id, ':', 2)) AS label FROM stage "
        f"WHERE reject IS NULL AND {p}__id IS NOT NULL GROUP BY {p}__id"
    )


_NULLS = (
    "NULL::VARCHAR AS object, {role} AS role, NULL::VARCHAR AS part, NULL::INTEGER AS valid_from, "
    "NULL::INTEGER AS valid_to, NULL::INTEGER AS available_from, NULL::DOUBLE AS share, NULL::DOUBLE AS votes, "
    "NULL::DOUBLE AS amount, {name} AS name, {attrs} AS attrs, NULL::VARCHAR AS scope, 0::SMALLINT AS file, "
    "min(line)::BIGINT AS line"
)


def _mentions(template: Template) -> list[str]:
    """The profile that a mention with a name yields, and the alias that an organisation code beside a name is."""
    explicit = {r.subject for r in template.facts if r.kind is FactKind.PROFILE}
    queries = []
    for party in template.parties:
        if party.kind in ("address", "contact"):
            continue
        p = party.name
        if p not in explicit and party.names:
            attrs = json_object(person_attributes(p))
            queries.append(
                _mention(p, FactKind.PROFILE, ("NULL::VARCHAR", f"{p}__name", attrs), f"{p}__name")
            )
        if party.codes and not party.id:
            queries.append(
                _mention(p, FactKind.ALIAS, ("'org_code'", f"{p}__org", "NULL::VARCHAR"), f"{p}__org")
            )
    return queries


def _mention(party: str, kind: FactKind, values: tuple[str, str, str], needed: str) -> str:
    role, name, attrs = values
    nulls = _NULLS.format(role=role, name=name, attrs=attrs)
    return (
        f"SELECT {int(kind)}::SMALLINT AS kind, {party}__id AS subject, {nulls} FROM stage "
        f"WHERE reject IS NULL AND {party}__id IS NOT NULL AND {needed} IS NOT NULL AND useful "
        f"GROUP BY {party}__id, {name}, {attrs}, {role}"
    )


def _holdings(template: Template, context: FileContext) -> str | None:
    """Firm, share and line of holdings that are open, for the sum over the whole file."""
    rule = next((r for r in template.facts if r.kind is FactKind.HOLDS and r.share), None)
    if rule is None:
        return None
    end = interval(rule, {})[1]
    today = f"date_diff('day', DATE '1970-01-01', DATE '{context.today}')"
    return (
        f"SELECT hash({rule.object}__id) AS firm, {rule.share} AS share, line FROM stage "
        f"WHERE reject IS NULL AND {rule.share} IS NOT NULL AND {applies(template, rule)} "
        f"AND coalesce({end} > {today}, TRUE)"
    )


def _covered(template: Template) -> str | None:
    """Scopes of accepted rows, each with the normalised name under which a damaged row may mean it."""
    if template.scope is None:
        return None
    fields = f"{scope_sql(template)} AS scope, {_scope_name(template)} AS norm"
    return f"SELECT DISTINCT {fields} FROM stage WHERE reject IS NULL"


def _scope_name(template: Template) -> str:
    is_party = any(p.name == template.scope and p.names for p in template.parties)
    return f"{template.scope}__norm" if is_party else "NULL::VARCHAR"


def _protected(template: Template) -> str | None:
    """What rejected rows protect: scope (null where its code is damaged), its name, entity (null: all of the scope)."""
    if template.scope is None:
        return None
    scope = scope_sql(template)
    if any(p.name == template.scope for p in template.parties):
        scope = f"CASE WHEN {template.scope}__readable THEN {scope} END"
    rule = next((r for r in template.facts if r.object), None)
    entity = "NULL::VARCHAR"
    if rule is not None and template.scope in (rule.subject, rule.object):
        other = rule.subject if template.scope != rule.subject else str(rule.object)
        entity = (
            f"CASE WHEN {other}__readable THEN {other}__id END" if _has_marks_of(template, other) else entity
        )
    name = _scope_name(template)
    return f"SELECT DISTINCT {scope} AS scope, {name} AS norm, {entity} AS entity FROM stage WHERE reject IS NOT NULL"


def _has_marks_of(template: Template, party: str) -> bool:
    return template.party(party).kind not in ("address", "contact")
