"""`audit`: who looked up whom and why; whether the log is whole; the log as a file."""

from itertools import islice
from pathlib import Path

import click

from graph_service.cli.context import settings
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.domain.errors import AuditError


@click.group()
def audit() -> None:
    """Who looked up whom, when and why; every entry seals those before it."""


@audit.command(name="list")
@click.option(
    "--limit", type=click.IntRange(1), default=200, show_default=True, help="At most the last so many."
)
@formatted
def list_(*, limit: int, output: Output) -> None:
    """List the entries, the last first."""
    from graph_service.office import AuditLog

    entries = [dict(entry) for entry in AuditLog(settings().home).entries()]
    last = list(islice(reversed(entries), limit))
    cut = {"stage": "audit", "limit": limit, "total": len(entries)} if len(entries) > limit else None
    output.show({"entries": last, "truncated": cut}, last)


@audit.command()
@formatted
def verify(*, output: Output) -> None:
    """Check that no entry was changed, removed, added or moved; exit 1 where one was."""
    from graph_service.office import AuditLog

    found = AuditLog(settings().home).verify()
    answer = {"entries": found.entries, "whole": found.problem is None, "problem": found.problem}
    output.show(answer, [answer])
    if found.problem:
        raise AuditError(
            f"the audit log is not whole: {found.problem} Keep its folder as it is and call the auditor."
        )


@audit.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@formatted
def export(*, out: Path, output: Output) -> None:
    """Copy all entries to a .jsonl or .csv file."""
    from graph_service.office import AuditLog

    answer = {"file": str(out), "rows": AuditLog(settings().home).export(out)}
    output.show(answer, [answer])
