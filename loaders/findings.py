"""Counting what the checks found, and keeping the rows: rejected ones all, noted ones up to a limit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from graph_service.store.base import REJECT_SCHEMA
from loaders.checks import CHECKS, title_of
from loaders.emit import Finding, Stage
from loaders.normalize.sql import name as quoted_name
from loaders.normalize.sql import quoted
from loaders.report import Example, Issue
from loaders.session import Connection, run, table
from loaders.template import Template

RAW_CAP = 2000
_LONG_RUN = re.compile(r"(?<!\d)(\d{6})(?:\d{8}(\d{3}[\dXx])|\d{5,6}(\d{3,4}))(?![\dXx])")


@dataclass
class Findings:
    """Counts by code and severity, with the first example of each, of one delivery."""

    file: str
    counts: dict[tuple[str, bool], int] = field(default_factory=dict)
    examples: dict[tuple[str, bool], Example] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)

    def add(self, code: str, count: int, example: Example, *, rejects: bool) -> None:
        """Count some rows of one code; the first example stays."""
        key = (code, rejects)
        self.counts[key] = self.counts.get(key, 0) + count
        self.examples.setdefault(key, example)

    @property
    def rejected(self) -> int:
        """Rows rejected so far."""
        return sum(n for (_, rejects), n in self.counts.items() if rejects)

    def issues(self) -> tuple[Issue, ...]:
        """All that was found: what rejects first, then by number."""
        ordered = sorted(self.counts, key=lambda k: (not k[1], -self.counts[k], k[0]))
        return tuple(
            Issue(k[0], title_of(k[0]), self.counts[k], self.examples[k], rejects=k[1]) for k in ordered
        )


def mask_digits(text: str) -> str:
    """Text in which every run of 15 to 18 digits is masked: first 6, stars, last 4.

    >>> mask_digits("张三,110105194912310021")
    '张三,110105********0021'
    """
    return _LONG_RUN.sub(lambda m: f"{m[1]}********{m[2] or m[3]}", text)


def message_of(finding: Finding) -> str:
    """The sentence for a row that this check found."""
    return CHECKS[finding.code].message(finding.column)


def rejected_rows(con: Connection, stage: Stage, template: Template, headers: Mapping[str, str]) -> pa.Table:
    """REJECT_SCHEMA of the staged rows that were rejected; persons' numbers and names masked."""
    whens = {
        "code": [quoted(f.code) for f in stage.rejects],
        "column": ["NULL" if f.column is None else quoted(f.column) for f in stage.rejects],
        "message": [quoted(message_of(f)) for f in stage.rejects],
    }
    picked = ", ".join(
        f'(CASE reject {" ".join(f"WHEN {i} THEN {v}" for i, v in enumerate(values))} END)::VARCHAR AS "{column}"'
        for column, values in whens.items()
    )
    query = (
        f"SELECT 0::SMALLINT AS file, line, {_raw_sql(con, template, headers)} AS raw, {picked} "
        "FROM stage JOIN rows USING (line) WHERE reject IS NOT NULL ORDER BY line"
    )
    return table(con, query, REJECT_SCHEMA)


def _raw_sql(con: Connection, template: Template, headers: Mapping[str, str]) -> str:
    """The row as one text: names of persons shortened, numbers masked, at most RAW_CAP characters."""
    names = {
        headers[c]: p.name
        for p in template.parties
        if p.kind in ("person", "auto") and p.id is None
        for c in p.names
        if c in headers
    }
    columns = [r[0] for r in run(con, "SELECT name FROM pragma_table_info('rows') ORDER BY cid")]
    cells = []
    for column in columns:
        if column == "line":
            continue
        cell = f"rows.{quoted_name(column)}"
        if column in names:
            cell = f"CASE WHEN coalesce({names[column]}__kind = 'person', TRUE) THEN left({cell}, 1) || '*' ELSE {cell} END"
        cells.append(f"coalesce({cell}, '')")
    narrow = f"translate(concat_ws(',', {', '.join(cells)}), '０１２３４５６７８９Ｘ', '0123456789X')"
    return f"left(regexp_replace({narrow}, '(\\d{{6}})\\d{{5,8}}(\\d{{3}}[\\dXx])', '\\1********\\2', 'g'), {RAW_CAP})"


def noted_rows(con: Connection, finding: Finding, index: int, limit: int) -> pa.Table:
    """REJECT_SCHEMA of the first accepted rows with a note."""
    column = "NULL" if finding.column is None else quoted(finding.column)
    condition = f"note_{index}" if finding.code != "unused" else "NOT useful"
    query = (
        f"SELECT 0::SMALLINT AS file, line, ''::VARCHAR AS raw, {quoted(finding.code)} AS code, "
        f'{column}::VARCHAR AS "column", {quoted(message_of(finding))} AS message '
        f"FROM stage WHERE reject IS NULL AND {condition} ORDER BY line LIMIT {limit}"
    )
    return table(con, query, REJECT_SCHEMA)


def count_findings(con: Connection, stage: Stage, findings: Findings) -> dict[int, int]:
    """Count the stage's rejects and notes; notes by index, only those found."""
    for i, count, line in run(
        con,
        "SELECT reject, count(*), min(line) FROM stage WHERE reject IS NOT NULL GROUP BY reject ORDER BY reject",
    ):
        f = stage.rejects[i]
        findings.add(f.code, count, Example(findings.file, line, f.column, message_of(f)), rejects=True)
    conditions = [f"note_{i}" for i in range(len(stage.notes) - 1)] + ["NOT useful"]
    sums = ", ".join(f"count_if({c}), min(line) FILTER ({c})" for c in conditions)
    (row,) = run(con, f"SELECT {sums} FROM stage WHERE reject IS NULL")
    found: dict[int, int] = {}
    for i, f in enumerate(stage.notes):
        count, line = row[2 * i], row[2 * i + 1]
        if count:
            found[i] = count
            findings.add(f.code, count, Example(findings.file, line, f.column, message_of(f)), rejects=False)
    return found
