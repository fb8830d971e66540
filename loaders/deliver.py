"""One file becomes one delivery: read, staged, checked, written; all of it or nothing."""

import time
from dataclasses import dataclass, replace
from datetime import date, timedelta

import orjson
import pyarrow as pa

from graph_service.domain.errors import CreditGraphError, DeliveryRefused, TooManyRejects
from graph_service.store.base import (
    ENTITY_SCHEMA,
    FACT_SCHEMA,
    PROTECTED_SCHEMA,
    REJECT_SCHEMA,
    DeliveryHeader,
    DeliveryWriter,
    GraphWriter,
    Source,
)
from loaders.discover import Matched
from loaders.emit import Finding, Stage, compile_stage
from loaders.emit.stage import FileContext
from loaders.findings import (
    Findings,
    count_findings,
    message_of,
    noted_rows,
    rejected_rows,
    unread_message,
    unread_rows,
)
from loaders.options import LoadOptions
from loaders.reader import RawReject, read_rows
from loaders.report import DeliveryReport, Example
from loaders.session import Connection, open_session, run, table

_EPOCH = date(1970, 1, 1)
_SMALL_SHARES = 0.05
"""Where fewer of a column's unsigned values than this are at most 1, all of them are per cent."""


def source_of(matched: Matched) -> Source:
    """The template as a source of facts."""
    template = matched.template
    return Source(template.name, template.rank, department=template.department.zh)


@dataclass
class Delivery:
    """One file on its way into the store."""

    matched: Matched
    options: LoadOptions
    con: Connection
    findings: Findings
    rows_read: int = 0

    @property
    def batch(self) -> str:
        """Key of the delivery."""
        return self.options.batch or self.matched.source.sha256

    def header(self) -> DeliveryHeader:
        """What is known before the rows.

        Raises:
            DeliveryRefused: a complete list without a date.
        """
        template, source = self.matched.template, self.matched.source
        day = self._date()
        if template.mode == "snapshot" and day is None:
            raise DeliveryRefused(
                f"{source.path.name} is a complete list and has no date; give --date or end its name in _YYYYMMDD."
            )
        number = None if day is None else (day - _EPOCH).days
        return DeliveryHeader(
            self.batch, source_of(self.matched), template.mode, number, (source.path.name,), source.sha256
        )

    def _date(self) -> date | None:
        if self.options.date is not None:
            return self.options.date
        column = self.matched.template.date_column
        if column is not None and column in self.matched.headers:
            stage = compile_stage(self.matched.template, self._context())
            run(self.con, stage.staging, {"first": 0, "last": 1 << 62})
            ((last,),) = run(self.con, f"SELECT max({column}) FROM stage WHERE reject IS NULL")
            if last is not None:
                return _EPOCH + timedelta(days=last)
        return self.matched.date

    def read(self) -> list[RawReject]:
        """Read the file into the table `rows`; what the reader rejected."""
        result = read_rows(self.con, self.matched.source, "rows")
        if result.rows_read != result.rows_in_table + len(result.rejects):
            raise DeliveryRefused(
                f"{self.matched.source.path.name}: rows were lost while reading; report this file."
            )
        self.rows_read = result.rows_read
        for reject in result.rejects:
            example = Example(self.findings.file, reject.line, reject.column, unread_message(reject))
            self.findings.add(reject.code, 1, example, rejects=True)
        return result.rejects

    def stage(self) -> Stage:
        """The SQL for this file."""
        return compile_stage(self.matched.template, self._context())

    def _context(self) -> FileContext:
        percents = [c.name for c in self.matched.template.columns if c.type == "percent"]
        small = frozenset(c for c in percents if c in self.matched.headers and self._are_percents(c))
        return FileContext(self.matched.headers, self.options.today, small, self.options.terms or {})

    def _are_percents(self, column: str) -> bool:
        """Whether unsigned values up to 1 are per cent: nearly all unsigned values of the column are above 1."""
        header = self.matched.headers[column].replace('"', '""')
        values = f'SELECT TRY_CAST("{header}" AS DOUBLE) AS v FROM rows'
        ((small, large),) = run(
            self.con, f"SELECT count_if(v <= 1 AND v > 0), count_if(v > 1) FROM ({values})"
        )
        return bool(large) and small < _SMALL_SHARES * (small + large)

    def slices(self) -> list[tuple[int, int]]:
        """Ranges of lines with so many rows each that memory stays bounded."""
        numbered = "SELECT line, row_number() OVER (ORDER BY line) - 1 AS n FROM rows"
        query = f"SELECT line FROM ({numbered}) WHERE n % {self.options.rows_at_once} = 0 ORDER BY line"
        starts = [r[0] for r in run(self.con, query)]
        return list(zip(starts, [*(s - 1 for s in starts[1:]), 1 << 62], strict=True))

    def check_rejects(self) -> None:
        """Refuse the delivery when more rows were rejected than allowed.

        Raises:
            TooManyRejects: with the numbers.
        """
        rejected, name = self.findings.rejected, self.matched.source.path.name
        if self.options.strict and rejected:
            raise TooManyRejects(
                f"{name}: {rejected} rows are rejected, and --strict allows none; nothing was loaded."
            )
        if rejected > self.options.max_rejects * self.rows_read:
            raise TooManyRejects(
                f"{name}: {rejected} of {self.rows_read} rows are rejected, more than --max-rejects "
                f"{self.options.max_rejects:g} allows; nothing was loaded."
            )


def load_file(writer: GraphWriter, matched: Matched, options: LoadOptions) -> DeliveryReport:
    """Load one file as one delivery; a refused one is a report with its reason, and nothing is written."""
    started = time.perf_counter()
    name = matched.source.path.name
    con = open_session(options.person_key)
    delivery = Delivery(matched, options, con, Findings(name))
    try:
        report = _write(writer, delivery)
    except DeliveryRefused as e:
        report = _refused(delivery, e)
    finally:
        con.close()
    return replace(report, seconds=time.perf_counter() - started)


def _refused(delivery: Delivery, error: CreditGraphError) -> DeliveryReport:
    rejected = delivery.findings.rejected
    return DeliveryReport(
        batch=delivery.batch,
        template=delivery.matched.template.name,
        status="refused",
        files=(delivery.matched.source.path.name,),
        rows_read=delivery.rows_read,
        rows_loaded=delivery.rows_read - rejected,
        rows_rejected=rejected,
        issues=delivery.findings.issues(),
        error=str(error),
    )


def _write(writer: GraphWriter, delivery: Delivery) -> DeliveryReport:
    unread = delivery.read()
    header = delivery.header()
    with writer.delivery(header) as out:
        if unread:
            out.rejects(unread_rows(unread, delivery.matched))
        stage = delivery.stage()
        for first, last in delivery.slices():
            _write_slice(out, delivery, stage, (first, last))
        _sum_holdings(out, delivery, stage)
        delivery.check_rejects()
        _write_scopes(out, delivery, stage, unread=bool(unread))
        counts = out.apply(delivery.options.allow_ending)
        report = _loaded(delivery, header)
        report = replace(report, facts=counts)
        content = out.commit(orjson.dumps(report.to_dict()).decode())
    return replace(report, content=content)


def _loaded(delivery: Delivery, header: DeliveryHeader) -> DeliveryReport:
    rejected = delivery.findings.rejected
    return DeliveryReport(
        batch=delivery.batch,
        template=delivery.matched.template.name,
        status="loaded",
        files=header.files,
        rows_read=delivery.rows_read,
        rows_loaded=_accepted(delivery),
        rows_rejected=rejected,
        issues=delivery.findings.issues(),
        date=None if header.date is None else str(_EPOCH + timedelta(days=header.date)),
    )


def _accepted(delivery: Delivery) -> int:
    """Rows accepted, counted while staging.

    Raises:
        DeliveryRefused: they and the rejected ones are not all that were read.
    """
    accepted = _count_accepted(delivery)
    if accepted + delivery.findings.rejected != delivery.rows_read:
        raise DeliveryRefused(f"{delivery.findings.file}: rows were lost while loading; report this file.")
    return accepted


def _write_slice(out: DeliveryWriter, delivery: Delivery, stage: Stage, lines: tuple[int, int]) -> None:
    con, options = delivery.con, delivery.options
    run(con, stage.staging, {"first": lines[0], "last": lines[1]})
    run(con, "INSERT INTO accepted SELECT count(*) FROM stage WHERE reject IS NULL")
    before = delivery.findings.rejected
    notes = count_findings(con, stage, delivery.findings)
    if delivery.findings.rejected > before:
        out.rejects(rejected_rows(con, stage, delivery.matched.template, delivery.matched.headers))
    _write_notes(out, delivery, stage, notes)
    for query in stage.entities:
        out.entities(table(con, query, ENTITY_SCHEMA))
    for query in stage.facts:
        facts = table(con, query, FACT_SCHEMA)
        if facts.num_rows:
            out.facts(facts)
    for table_name, select in (
        ("holdings", stage.holdings), ("covered", stage.covered), ("protected", stage.protected),
    ):  # fmt: skip
        if select is not None:
            run(con, f"INSERT INTO {table_name} {select}")
    options.progress(delivery.findings.file, *_done(delivery))


def _done(delivery: Delivery) -> tuple[int, int]:
    return _count_accepted(delivery) + delivery.findings.rejected, delivery.rows_read


def _count_accepted(delivery: Delivery) -> int:
    return int(run(delivery.con, "SELECT coalesce(sum(n), 0)::BIGINT FROM accepted")[0][0])


def _write_notes(out: DeliveryWriter, delivery: Delivery, stage: Stage, notes: dict[int, int]) -> None:
    kept = delivery.findings.kept
    for index in notes:
        finding = stage.notes[index]
        room = delivery.options.notes_kept - kept.get(finding.code, 0)
        if room > 0:
            rows = noted_rows(delivery.con, finding, index, room)
            kept[finding.code] = kept.get(finding.code, 0) + rows.num_rows
            out.notes(rows)


def _sum_holdings(out: DeliveryWriter, delivery: Delivery, stage: Stage) -> None:
    """Note firms of which the current holders' shares sum to more than 100 %."""
    if stage.holdings is None:
        return
    query = "SELECT min(line) AS line FROM holdings GROUP BY firm HAVING sum(share) > 1.000001 ORDER BY line"
    lines = [r[0] for r in run(delivery.con, query)]
    if lines:
        finding = Finding("shares_over_100", "", "note", None)
        example = Example(delivery.findings.file, lines[0], None, message_of(finding))
        delivery.findings.add(finding.code, len(lines), example, rejects=False)
        out.notes(_note_table(finding, lines[: delivery.options.notes_kept]))


def _note_table(finding: Finding, lines: list[int]) -> pa.Table:
    rows = [
        {
            "file": 0,
            "line": line,
            "raw": "",
            "code": finding.code,
            "column": None,
            "message": message_of(finding),
        }
        for line in lines
    ]
    return pa.Table.from_pylist(rows, schema=REJECT_SCHEMA)


def _write_scopes(out: DeliveryWriter, delivery: Delivery, stage: Stage, *, unread: bool) -> None:
    """Tell which scopes the list covers, and what rejected rows protect.

    A damaged code protects the scopes whose entity bears the same name in this file; without a name, or for a row
    that could not be read at all, everything is protected.
    """
    if stage.covered is None:
        return
    con = delivery.con
    covered = [
        r[0] for r in run(con, "SELECT DISTINCT scope FROM covered WHERE scope IS NOT NULL ORDER BY scope")
    ]
    query = (
        "SELECT scope, entity FROM protected WHERE scope IS NOT NULL "
        "UNION SELECT c.scope, NULL FROM protected p JOIN covered c USING (norm) WHERE p.scope IS NULL "
        "UNION SELECT NULL, NULL FROM protected WHERE scope IS NULL AND norm IS NULL"
        + (" UNION SELECT NULL, NULL" if unread else "")
    )
    out.scopes(covered, table(con, query, PROTECTED_SCHEMA))
