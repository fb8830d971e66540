"""`neighbours`, `associations`: questions about what surrounds an entity."""

from typing import TYPE_CHECKING

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, formatted
from graph_service.cli.output import Output
from graph_service.domain.relations import RelationKind

if TYPE_CHECKING:
    from graph_service.results import Associations, Neighbours

KINDS = tuple(kind.value for kind in RelationKind)


def kinds_of(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Relation kinds separated by commas. Raises BadParameter."""
    chosen = tuple(k.strip() for k in (value or "").split(",") if k.strip())
    if unknown := [k for k in chosen if k not in KINDS]:
        message = f"{', '.join(unknown)} is no relation kind; choose from {', '.join(KINDS)}"
        raise click.BadParameter(message)
    return chosen


@click.command()
@click.argument("reference", metavar="ID")
@click.option("--depth", type=click.IntRange(1, 6), default=1, show_default=True, help="How many steps.")
@click.option("--kinds", callback=kinds_of, help="Only these relations, separated by commas.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=200,
    show_default=True,
    help="At most so many entities.",
)
@asked
@formatted
def neighbours(
    *, reference: str, depth: int, kinds: tuple[str, ...], limit: int, question: Question, output: Output
) -> None:
    """Show what surrounds one entity, and the relations among it."""
    with graph_at(question) as graph:
        found = graph.neighbours(reference, depth=depth, kinds=kinds, limit=limit)
    output.show(found.to_dict(), found.rows(), lambda: _neighbours_page(found))


@click.command()
@click.argument("reference", metavar="ID")
@click.option("--cleared", is_flag=True, help="Also the findings that an officer cleared.")
@asked
@formatted
def associations(*, reference: str, cleared: bool, question: Question, output: Output) -> None:
    """Show the listed entities that one hangs together with, with evidence: leads, no verdict."""
    with graph_at(question) as graph:
        found = graph.associations(reference, with_cleared=cleared)
    output.show(found.to_dict(), found.rows(), lambda: _page(found))


def _neighbours_page(found: "Neighbours") -> None:
    from graph_service.cli.tables import print_columns, print_lines

    names = {e.id: e.name or e.id for e in found.entities}
    listed = [f"已列入名单: {names[e.id]} ({e.id})" for e in found.entities if e.listed]
    rows = [
        {**row, "subject": names.get(row["subject"]), "object": names.get(row["object"])}
        for row in found.rows()
    ]
    columns = "subject kind role share votes amount object valid_from valid_to evidence"
    print_columns(rows, columns, title=str(found.entity))
    cut = found.truncated
    print_lines(
        [*listed, *([f"关联主体共{cut.total:,}个，已显示{cut.limit:,}个（达到上限）。"] if cut else [])]
    )


def _page(found: "Associations") -> None:
    from graph_service.cli.evidence import association_lines, language
    from graph_service.cli.tables import print_lines

    chosen = language(None)
    print_lines(association_lines(found, chosen))
