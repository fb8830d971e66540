"""`export`: everything of one sort, complete, streamed into a file."""

from pathlib import Path
from typing import Any

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, formatted
from graph_service.cli.output import Output
from graph_service.cli.progress import progress

WHAT = (
    "entities", "relations", "records", "owners", "control", "beneficial-owners", "groups", "associations", "patterns",
    "bods", "ftm",
)  # fmt: skip


@click.command()
@click.argument("what", type=click.Choice(WHAT))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--min",
    "least",
    type=click.FloatRange(0, 1),
    help="Of owners: least upper bound of an interest; default 0.05.",
)
@asked
@formatted
def export(*, what: str, out: Path, least: float | None, question: Question, output: Output) -> None:
    """Write all entities, relations, records, owners, control, groups, leads, patterns; by suffix .csv, .parquet, .jsonl or .graphml.

    `bods` and `ftm` write the whole graph in an open standard, .json or .jsonl: the Beneficial Ownership Data Standard
    0.4, FollowTheMoney. Both load again with `credit-graph load`. What a standard has no word for is counted in `left_out`.

    The file is there complete or not at all. Associations are those of the current snapshot: for another day run
    `credit-graph refresh --as-of DAY` first; --as-of and --known-at are for the other exports.
    """
    with graph_at(question) as graph, progress(f"export {what}") as advance:
        written = graph.export(what, out, advance=advance, least=least)
    output.show(written, [{k: v for k, v in written.items() if k != "left_out"} | _counted(written)])


def _counted(written: dict[str, Any]) -> dict[str, str]:
    """What a standard left out, for a table; nothing of exports that leave nothing out."""
    left_out: dict[str, int] = written.get("left_out") or {}
    return {"left_out": "; ".join(f"{kind}: {n}" for kind, n in left_out.items())} if left_out else {}
