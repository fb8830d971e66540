"""`paths`: how entities hang together."""

from typing import TYPE_CHECKING, cast

import click

from graph_service.cli.around import kinds_of
from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, formatted, limited
from graph_service.cli.output import Output

if TYPE_CHECKING:
    from graph_service.analysis.paths import Mode
    from graph_service.results import PathsAnswer


@click.command()
@click.option(
    "--from",
    "sources",
    metavar="ID",
    multiple=True,
    required=True,
    help="Where paths begin; may be repeated.",
)
@click.option(
    "--to", "targets", metavar="ID", multiple=True, required=True, help="Where paths end; may be repeated."
)
@click.option(
    "--mode", type=click.Choice(["shortest", "strongest", "all"]), default="shortest", show_default=True,
    help="Those of least length, of most strength, or all.",
)  # fmt: skip
@click.option(
    "--length", type=click.IntRange(1, 10), default=6, show_default=True, help="Most relations of a path."
)
@limited(20, 1000)
@click.option("--kinds", callback=kinds_of, help="Only these relations, separated by commas.")
@click.option(
    "--least-share", type=click.FloatRange(0, 1), default=0.0, help="Least share of a holding that is a step."
)
@click.option("--through-hubs", is_flag=True, help="Pass through neutral hubs too.")
@asked
@formatted
def paths(
    *, sources: tuple[str, ...], targets: tuple[str, ...], mode: str, length: int, limit: int, kinds: tuple[str, ...],
    least_share: float, through_hubs: bool, question: Question, output: Output,
) -> None:  # fmt: skip
    """Show the paths between entities, each step with its facts: leads, no verdict."""
    with graph_at(question) as graph:
        found = graph.paths(
            sources, targets, mode=cast("Mode", mode), length=length, limit=limit, kinds=kinds,
            least_share=least_share, through_hubs=through_hubs,
        )  # fmt: skip
    output.show(found.to_dict(), found.rows(), lambda: _page(found))


def _page(found: "PathsAnswer") -> None:
    from graph_service.cli.evidence import step_line
    from graph_service.cli.tables import print_lines

    lines = []
    for path in found.paths:
        lines += [f"{path.hops}步 · {path}", *(f"    {step_line(step)}" for step in path.relations)]
    lines += [f"公共节点，未穿越: {hub.name or hub.id} ({hub.reason})" for hub in found.hubs]
    print_lines([*lines, *([found.none_found.zh] if found.none_found else [])])
