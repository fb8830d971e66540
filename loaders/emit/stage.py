"""A template over the header of one file: the statement that stages its rows, and the queries over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from graph_service.domain.facts import FactKind
from loaders.emit.cells import Cells, cells_of, repeats
from loaders.emit.facts import Terms, applies, fact_select, interval
from loaders.emit.parties import party_steps
from loaders.emit.queries import covered, entity_select, holdings, mentions, protected
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
    """SQL of one file.

    `cells` is run once when the table `rows` stands; `staging` reads it between the parameters `first` and `last`
    (lines). The staged table has `reject` (index in `rejects`, null: accepted), `note_0` … (booleans), `useful`.
    """

    cells: tuple[str, ...]
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
    steps, findings, cells = _columns(template, context)
    for party in _in_order(template.parties):
        steps = _after(steps, party_steps(template, party))
    findings += _row_findings(template, context)
    rejects = tuple(f for f in findings if f.severity == "reject")
    notes = tuple(f for f in findings if f.severity == "note")
    return Stage(
        cells=tuple(c.table for c in cells),
        staging=_staging(template, _rows(context, cells), steps, (rejects, notes)),
        rejects=rejects,
        notes=(*notes, Finding("unused", "NOT useful", "note", None)),
        entities=tuple(entity_select(p) for p in template.parties),
        facts=(*(fact_select(template, r, context.terms) for r in template.facts), *mentions(template)),
        holdings=holdings(template, context.today),
        covered=covered(template),
        protected=protected(template),
    )


Steps = list[dict[str, str]]


def _columns(template: Template, context: FileContext) -> tuple[Steps, list[Finding], list[Cells]]:
    steps: Steps = []
    findings: list[Finding] = []
    cells: list[Cells] = []
    # What a column is derived from, or a certificate's type, has to be known a step earlier.
    derived = [c for c in template.columns if c.source]
    late = [c for c in template.columns if c.document]
    first = [c for c in template.columns if c not in derived and c not in late]
    for batch in (first, derived, late):
        batch_steps: Steps = []
        for column in batch:
            header = context.headers.get(column.source or column.name)
            typed = typed_column(column, _raw(column, context), _column_context(column, context))
            conditions = tuple(f.condition for f in typed.findings)
            if header is not None and repeats(column):
                cells.append(cells_of(column, header, typed))
                conditions = cells[-1].checks
            else:
                batch_steps = _beside(batch_steps, typed.steps)
            if header is not None:
                told = zip(typed.findings, conditions, strict=True)
                findings += [Finding(f.code, condition, f.severity, header) for f, condition in told]
        steps = _after(steps, tuple(batch_steps))
    return steps, findings, cells


def _raw(column: Column, context: FileContext) -> str:
    if column.source:
        return f"{column.source}::VARCHAR"
    if column.name not in context.headers:
        return "NULL::VARCHAR"
    return "cell" if repeats(column) else f"raw_{column.name}"


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


def _rows(context: FileContext, cells: list[Cells]) -> str:
    """The slice of `rows` with what its repeating cells mean."""
    raws = "".join(f", rows.{quoted_name(h)} AS raw_{c}" for c, h in context.headers.items())
    known = "".join(f", {alias}" for c in cells for alias in c.aliases)
    joins = " ".join(c.join for c in cells)
    return f"SELECT line{raws}{known} FROM rows {joins} WHERE line BETWEEN $first AND $last"


def _staging(
    template: Template, query: str, steps: Steps, findings: tuple[tuple[Finding, ...], tuple[Finding, ...]]
) -> str:
    for step in filter(None, steps):
        added = ", ".join(f"{expression} AS {alias}" for alias, expression in step.items())
        query = f"SELECT *, {added} FROM ({query})"
    rejects, notes = findings
    whens = " ".join(f"WHEN {f.condition} THEN {i}" for i, f in enumerate(rejects))
    columns = [f"(CASE {whens} END)::SMALLINT AS reject" if whens else "NULL::SMALLINT AS reject"]
    columns += [f"coalesce({f.condition}, FALSE) AS note_{i}" for i, f in enumerate(notes)]
    useful = " OR ".join(f"({applies(template, r)})" for r in template.facts) or "TRUE"
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
