"""`doctor`: what is wrong with the installation or the store, and how to mend it."""

from dataclasses import asdict

import click

from graph_service.cli.checkup import Finding, findings
from graph_service.cli.context import settings
from graph_service.cli.options import formatted
from graph_service.cli.output import Output


@click.command()
@formatted
def doctor(output: Output) -> None:
    """Check the installation and the store, and say how to mend what is wrong."""
    found = findings(settings())
    broken = [f for f in found if f.state == "broken"]
    document = {"ok": not broken, "checks": [asdict(f) for f in found]}
    output.show(document, [_row(f) for f in found])
    if broken:
        raise click.exceptions.Exit(1)


def _row(finding: Finding) -> dict[str, str | None]:
    return {"check": finding.check, "state": finding.state, "message": finding.message, "mend": finding.mend}
