"""A delivery read, staged and checked: everything that is known before its facts meet the store's."""

import datetime as dt
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import pyarrow as pa

from graph_service.domain.errors import CreditGraphError, DeliveryRefused, TooManyRejects
from graph_service.store.base import (
    ENTITY_SCHEMA,
    FACT_SCHEMA,
    PROTECTED_SCHEMA,
    REJECT_SCHEMA,
    DeliveryHeader,
    Source,
)
from loaders.ahead import Abandoned, Rows, Scopes
from loaders.emit import Finding, Stage
from loaders.findings import Findings, count_findings, message_of, noted_rows, rejected_rows, unread_rows
from loaders.formats.gather import Gather
from loaders.options import LoadOptions
from loaders.part import Bundle, Convert, Progressing
from loaders.reader import RawReject
from loaders.report import DeliveryReport, Example
from loaders.session import open_session, run, table

_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known once every row was seen: the scopes of a complete list, and the report but for the facts."""

    report: DeliveryReport
    scopes: Scopes | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A delivery on its way: `header` comes first, then `rows`, then `checked`.

    Instead of either there may be Refused, or what else went wrong.
    """

    bundle: Bundle
    options: LoadOptions
    header: Future[DeliveryHeader] = field(default_factory=Future)
    rows: Rows = field(default_factory=Rows)
    checked: Future[Checked] = field(default_factory=Future)

    def prepare(self) -> None:
        """Read, stage and check all files of the delivery; errors wait in the futures for who takes the rows."""
        if self.rows.is_abandoned:
            return
        try:
            con = open_session(self.options.person_key)
            going = Progressing(self.bundle, self.options, con, Findings(self.bundle.files[0]))
            try:
                self._prepare(going)
            except DeliveryRefused as e:
                self._fail(Refused(_report(going, "refused", error=e)))
            finally:
                con.close()
        except Abandoned:
            return
        except BaseException as e:  # noqa: BLE001 - whoever waits for the rows gets it
            self._fail(e)

    def refused(self, error: DeliveryRefused) -> DeliveryReport:
        """The report when the store does not take the delivery."""
        if self.checked.done() and not self.checked.exception():
            return replace(self.checked.result().report, status="refused", date=None, error=str(error))
        batch = self.options.batch or self.bundle.sha256
        return DeliveryReport(
            batch, self.bundle.template.name, "refused", self.bundle.files, error=str(error)
        )

    def _prepare(self, going: Progressing) -> None:
        if going.bundle.nested is not None:
            self._prepare_nested(going, going.bundle.nested)
            return
        unread = going.read(0)
        self.header.set_result(_header(going))
        lost = _write_part(self.rows, going, 0, unread)
        for number in range(1, len(going.bundle.parts)):
            lost |= _write_part(self.rows, going, number, going.read(number))
        _sum_holdings(self.rows, going)
        _check_rejects(going)
        scopes = _scopes(going, unread=lost) if going.bundle.template.scope is not None else None
        self.checked.set_result(Checked(_report(going, "loaded"), scopes))
        self.rows.end()

    def _prepare_nested(self, going: Progressing, convert: Convert) -> None:
        """The same for a file of an open standard, which is no table."""
        self.header.set_result(_header(going))
        gather = Gather(self.rows, going.findings, self.options.notes_kept)
        convert(going.bundle.parts[0].matched.source, gather, self.options)
        going.rows_read = gather.read
        run(going.con, "INSERT INTO accepted VALUES ($n)", {"n": gather.accepted})
        _check_rejects(going)
        self.options.progress(going.findings.file, gather.read, gather.read)
        self.checked.set_result(Checked(_report(going, "loaded")))
        self.rows.end()

    def _fail(self, error: BaseException) -> None:
        for future in (self.header, self.checked):
            if not future.done():
                future.set_exception(error)
        self.rows.end()


class Refused(Exception):
    """Carries the report of a refused delivery to who writes it."""

    def __init__(self, report: DeliveryReport) -> None:
        super().__init__(report.error)
        self.report = report


def _header(going: Progressing) -> DeliveryHeader:
    """What is known before the rows.

    Raises:
        DeliveryRefused: a complete list without a date.
    """
    template, day = going.bundle.template, _date(going)
    if template.mode == "snapshot" and day is None:
        raise DeliveryRefused(
            f"{going.bundle.files[0]} is a complete list and has no date; give --date or end its name in _YYYYMMDD."
        )
    source = Source(template.name, template.rank, department=template.department.zh)
    number = None if day is None else (day - _EPOCH).days
    return DeliveryHeader(going.batch, source, template.mode, number, going.bundle.files, going.bundle.sha256)


def _date(going: Progressing) -> dt.date | None:
    """From the option, the template's column (its latest day), or the file's name."""
    bundle = going.bundle
    column = bundle.template.date_column
    if going.options.date is None and column is not None and column in bundle.parts[0].matched.headers:
        run(going.con, going.stage(0).staging, {"first": 0, "last": 1 << 62})
        ((last,),) = run(going.con, f"SELECT max({column}) FROM stage WHERE reject IS NULL")
        if last is not None:
            return _EPOCH + dt.timedelta(days=last)
    return going.options.date or bundle.date


def _report(going: Progressing, status: str, error: CreditGraphError | None = None) -> DeliveryReport:
    rejected = going.findings.rejected
    day = _EPOCH if error else _date(going)
    return DeliveryReport(
        batch=going.batch,
        template=going.bundle.template.name,
        status="refused" if error else "loaded",
        files=going.bundle.files,
        rows_read=going.rows_read,
        rows_loaded=going.rows_read - rejected if status == "refused" else _accepted(going),
        rows_rejected=rejected,
        issues=going.findings.issues(),
        date=None if error or day is None else str(day),
        error=str(error) if error else None,
    )


def _accepted(going: Progressing) -> int:
    """Rows accepted, counted while staging.

    Raises:
        DeliveryRefused: they and the rejected ones are not all that were read.
    """
    accepted = going.accepted()
    if accepted + going.findings.rejected != going.rows_read:
        raise DeliveryRefused(f"{going.bundle.files[0]}: rows were lost while loading; report this file.")
    return accepted


def _check_rejects(going: Progressing) -> None:
    """Refuse the delivery when more rows were rejected than allowed.

    Raises:
        TooManyRejects: with the numbers.
    """
    rejected, name, options = going.findings.rejected, going.bundle.files[0], going.options
    if options.strict and rejected:
        raise TooManyRejects(
            f"{name}: {rejected} rows are rejected, and --strict allows none; nothing was loaded."
        )
    if rejected > options.max_rejects * going.rows_read:
        raise TooManyRejects(
            f"{name}: {rejected} of {going.rows_read} rows are rejected, more than --max-rejects "
            f"{options.max_rejects:g} allows; nothing was loaded."
        )


def _write_part(out: Rows, going: Progressing, number: int, unread: list[RawReject]) -> bool:
    """Write the part that was read; whether some of its rows could not be read."""
    matched = going.bundle.parts[number].matched
    if unread:
        out.add("rejects", unread_rows(unread, matched, number))
    stage = going.stage(number)
    for lines in going.slices():
        run(going.con, stage.staging, {"first": lines[0], "last": lines[1]})
        run(going.con, "INSERT INTO accepted SELECT count(*) FROM stage WHERE reject IS NULL")
        _write_findings(out, going, stage, number)
        _write_facts(out, going, stage)
        going.options.progress(
            going.findings.file, going.accepted() + going.findings.rejected, going.rows_read
        )
    return bool(unread)


def _write_findings(out: Rows, going: Progressing, stage: Stage, number: int) -> None:
    findings, matched = going.findings, going.bundle.parts[number].matched
    before = findings.rejected
    notes = count_findings(going.con, stage, findings)
    if findings.rejected > before:
        out.add("rejects", rejected_rows(going.con, stage, matched))
    for index in notes:
        finding = stage.notes[index]
        room = going.options.notes_kept - findings.kept.get(finding.code, 0)
        if room > 0:
            rows = noted_rows(going.con, finding, index, room)
            findings.kept[finding.code] = findings.kept.get(finding.code, 0) + rows.num_rows
            out.add("notes", rows)


def _write_facts(out: Rows, going: Progressing, stage: Stage) -> None:
    for query in stage.entities:
        out.add("entities", table(going.con, query, ENTITY_SCHEMA))
    for query in stage.facts:
        out.add("facts", table(going.con, query, FACT_SCHEMA))
    gathered = {"holdings": stage.holdings, "covered": stage.covered, "protected": stage.protected}
    for name, select in gathered.items():
        if select is not None:
            run(going.con, f"INSERT INTO {name} {select}")


def _sum_holdings(out: Rows, going: Progressing) -> None:
    """Note firms of which the current holders' shares sum to more than 100 %, at the first line of each."""
    firms = "SELECT min((file, line)) AS place FROM holdings GROUP BY firm HAVING sum(share) > 1.000001"
    places = run(going.con, f"SELECT place[1], place[2] FROM ({firms}) ORDER BY 1, 2")
    if not places:
        return
    finding = Finding("shares_over_100", "", "note", None)
    message = message_of(finding)
    example = Example(going.bundle.files[places[0][0]], places[0][1], None, message)
    going.findings.add(finding.code, len(places), example, rejects=False)
    rows = [
        {"file": file, "line": line, "raw": "", "code": finding.code, "column": None, "message": message}
        for file, line in places[: going.options.notes_kept]
    ]
    out.add("notes", pa.Table.from_pylist(rows, schema=REJECT_SCHEMA))


def _scopes(going: Progressing, *, unread: bool) -> Scopes:
    """Which scopes the list covers, and what rejected rows protect.

    A damaged code protects the scopes whose entity bears the same name in this file; without a name, or for a row
    that could not be read at all, everything is protected.
    """
    con = going.con
    covered = [
        r[0] for r in run(con, "SELECT DISTINCT scope FROM covered WHERE scope IS NOT NULL ORDER BY scope")
    ]
    query = (
        "SELECT scope, entity FROM protected WHERE scope IS NOT NULL "
        "UNION SELECT c.scope, NULL FROM protected p JOIN covered c USING (norm) WHERE p.scope IS NULL "
        "UNION SELECT NULL, NULL FROM protected WHERE scope IS NULL AND norm IS NULL"
        + (" UNION SELECT NULL, NULL" if unread else "")
    )
    return covered, table(con, query, PROTECTED_SCHEMA)
