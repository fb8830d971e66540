"""Counting what the checks found, and keeping the rows: rejected ones all, noted ones up to a limit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from graph_service.security.masking import mask_digits
from graph_service.store.base import REJECT_SCHEMA
from loaders.checks import CHECKS, title_of
from loaders.discover import Matched
from loaders.emit import Finding, Stage
from loaders.normalize.sql import quoted
from loaders.raw_rows import masked_digits, raw_sql, raw_text
from loaders.reader import RawReject
from loaders.report import Example, Issue
from loaders.session import Connection, run, table


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


def message_of(finding: Finding) -> str:
    """The sentence for a row that this check found."""
    return CHECKS[finding.code].message(finding.column)


def rejected_rows(con: Connection, stage: Stage, matched: Matched) -> pa.Table:
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
        f"SELECT getvariable('file')::SMALLINT AS file, line, {raw_sql(con, matched)} AS raw, {picked} "
        "FROM stage JOIN rows USING (line) WHERE reject IS NOT NULL ORDER BY line"
    )
    rows = table(con, query, REJECT_SCHEMA)
    masked = [masked_digits(raw) for raw in rows.column("raw").to_pylist()]
    return rows.set_column(rows.schema.get_field_index("raw"), "raw", pa.array(masked, pa.string()))


def unread_rows(rejects: Sequence[RawReject], matched: Matched, number: int) -> pa.Table:
    """REJECT_SCHEMA of the rows that the reader rejected; persons' numbers and names masked."""
    columns: dict[str, pa.Array[Any]] = {
        "file": pa.array([number] * len(rejects), pa.int16()),
        "line": pa.array([r.line for r in rejects], pa.int64()),
        "raw": pa.array([raw_text(r.raw, matched) for r in rejects]),
        "code": pa.array([r.code for r in rejects]),
        "column": pa.array([r.column for r in rejects], pa.string()),
        "message": pa.array([unread_message(r) for r in rejects]),
    }
    return pa.table(columns).cast(REJECT_SCHEMA)


def unread_message(reject: RawReject) -> str:
    """The sentence for a row that the reader rejected."""
    return (
        CHECKS[reject.code].message(reject.column) if reject.code in CHECKS else mask_digits(reject.message)
    )


def noted_rows(con: Connection, finding: Finding, index: int, limit: int) -> pa.Table:
    """REJECT_SCHEMA of the first accepted rows with a note."""
    column = "NULL" if finding.column is None else quoted(finding.column)
    condition = f"note_{index}" if finding.code != "unused" else "NOT useful"
    query = (
        f"SELECT getvariable('file')::SMALLINT AS file, line, ''::VARCHAR AS raw, {quoted(finding.code)} AS code, "
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
