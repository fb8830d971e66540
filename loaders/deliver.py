"""One delivery: read, staged, checked, written; all of it or nothing."""

import datetime as dt
import time
from dataclasses import replace

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
from loaders.emit import Finding, Stage
from loaders.findings import Findings, count_findings, message_of, noted_rows, rejected_rows, unread_rows
from loaders.options import LoadOptions
from loaders.part import Bundle, Progressing
from loaders.reader import RawReject
from loaders.report import DeliveryReport, Example
from loaders.session import open_session, run, table

_EPOCH = dt.date(1970, 1, 1)


def load_bundle(writer: GraphWriter, bundle: Bundle, options: LoadOptions) -> DeliveryReport:
    """Load one delivery; a refused one is a report with its reason, and nothing of it is written."""
    started = time.perf_counter()
    con = open_session(options.person_key)
    going = Progressing(bundle, options, con, Findings(bundle.files[0]))
    try:
        report = _write(writer, going, started)
    except DeliveryRefused as e:
        report = _report(going, "refused", error=e)
    finally:
        con.close()
    return replace(report, seconds=time.perf_counter() - started)


def _write(writer: GraphWriter, going: Progressing, started: float) -> DeliveryReport:
    unread = going.read(0)
    header = _header(going)
    with writer.delivery(header) as out:
        lost = _write_part(out, going, 0, unread)
        for number in range(1, len(going.bundle.parts)):
            lost |= _write_part(out, going, number, going.read(number))
        _sum_holdings(out, going)
        _check_rejects(going)
        if going.bundle.template.scope is not None:
            _write_scopes(out, going, unread=lost)
        counts = out.apply(going.options.allow_ending)
        report = replace(_report(going, "loaded"), facts=counts, seconds=time.perf_counter() - started)
        content = out.commit(orjson.dumps(report.to_dict()).decode())
    return replace(report, content=content)


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


def _write_part(out: DeliveryWriter, going: Progressing, number: int, unread: list[RawReject]) -> bool:
    """Write the part that was read; whether some of its rows could not be read."""
    matched = going.bundle.parts[number].matched
    if unread:
        out.rejects(unread_rows(unread, matched, number))
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


def _write_findings(out: DeliveryWriter, going: Progressing, stage: Stage, number: int) -> None:
    findings, matched = going.findings, going.bundle.parts[number].matched
    before = findings.rejected
    notes = count_findings(going.con, stage, findings)
    if findings.rejected > before:
        out.rejects(rejected_rows(going.con, stage, matched))
    for index in notes:
        finding = stage.notes[index]
        room = going.options.notes_kept - findings.kept.get(finding.code, 0)
        if room > 0:
            rows = noted_rows(going.con, finding, index, room)
            findings.kept[finding.code] = findings.kept.get(finding.code, 0) + rows.num_rows
            out.notes(rows)


def _write_facts(out: DeliveryWriter, going: Progressing, stage: Stage) -> None:
    for query in stage.entities:
        out.entities(table(going.con, query, ENTITY_SCHEMA))
    for query in stage.facts:
        facts = table(going.con, query, FACT_SCHEMA)
        if facts.num_rows:
            out.facts(facts)
    gathered = {"holdings": stage.holdings, "covered": stage.covered, "protected": stage.protected}
    for name, select in gathered.items():
        if select is not None:
            run(going.con, f"INSERT INTO {name} {select}")


def _sum_holdings(out: DeliveryWriter, going: Progressing) -> None:
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
    out.notes(pa.Table.from_pylist(rows, schema=REJECT_SCHEMA))


def _write_scopes(out: DeliveryWriter, going: Progressing, *, unread: bool) -> None:
    """Tell which scopes the list covers, and what rejected rows protect.

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
    out.scopes(covered, table(con, query, PROTECTED_SCHEMA))
