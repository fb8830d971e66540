"""`refresh`: a new snapshot, from which default answers come from now on."""

import click

from graph_service.cli.context import Question, existing_store, graph_at, settings
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.cli.progress import progress
from graph_service.cli.values import DAY
from graph_service.domain.errors import WrongCall


@click.command()
@click.option("--as-of", type=DAY, help="The day in the world (YYYY-MM-DD); default today.")
@click.option(
    "--write-back",
    is_flag=True,
    help="Write the findings beside the facts, for who asks the Neo4j server in Cypher.",
)
@formatted
def refresh(*, as_of: int | None, write_back: bool, output: Output) -> None:
    """Make a snapshot of the findings, all or nothing, and answer from it by default."""
    from graph_service import snapshots

    with existing_store() as store, progress("refresh"):
        if write_back and not store.has_tools:
            raise WrongCall(
                f"{store.url} is no Neo4j server: --write-back has nowhere to write; leave it out."
            )
        made = snapshots.refresh(store, settings().home, as_of=as_of)
        cleared = _cleared() if write_back else frozenset()
        snapshots.show(store, made, write_back=write_back, cleared=cleared)
    output.show(made.to_dict(), [made.to_dict()])


def _cleared() -> frozenset[tuple[str, str, str]]:
    with graph_at(Question()) as graph:
        return graph.cleared_leads()
