"""`export`: everything of one sort, complete, streamed into a file."""

from pathlib import Path

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, formatted
from graph_service.cli.output import Output
from graph_service.cli.progress import progress

WHAT = ("entities", "relations", "records", "associations")


@click.command()
@click.argument("what", type=click.Choice(WHAT))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@asked
@formatted
def export(*, what: str, out: Path, question: Question, output: Output) -> None:
    """Write all entities, relations, records or associations; by suffix .csv, .parquet, .jsonl or .graphml.

    The file is there complete or not at all. Associations are those of the current snapshot: for another day run
    `credit-graph refresh --as-of DAY` first; --as-of and --known-at are for the other exports.
    """
    with graph_at(question) as graph, progress(f"export {what}") as advance:
        written = graph.export(what, out, advance=advance)
    output.show(written, [written])
