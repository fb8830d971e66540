"""`refresh`: a new snapshot, from which default answers come from now on."""

import click

from graph_service.cli.context import existing_store, settings
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.cli.progress import progress
from graph_service.cli.values import DAY


@click.command()
@click.option("--as-of", type=DAY, help="The day in the world (YYYY-MM-DD); default today.")
@formatted
def refresh(*, as_of: int | None, output: Output) -> None:
    """Make a snapshot of the findings, all or nothing, and answer from it by default."""
    from graph_service import snapshots

    with existing_store() as store, progress("refresh"):
        made = snapshots.refresh(store, settings().home, as_of=as_of)
    output.show(made.to_dict(), [made.to_dict()])
