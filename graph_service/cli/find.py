"""`search`, `entity`, `records`, `history`: questions about one entity."""

from typing import TYPE_CHECKING

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, formatted
from graph_service.cli.output import Output

if TYPE_CHECKING:
    from graph_service.results import EntityAnswer, History, Records


@click.command()
@click.argument("text")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many.")
@asked
@formatted
def search(*, text: str, limit: int, question: Question, output: Output) -> None:
    """Find entities by name, former name, part of a name, code, telephone, address or pinyin."""
    with graph_at(question) as graph:
        found = graph.search(text, limit=limit)
    output.show(found.to_dict(), found.rows())


@click.command()
@click.argument("reference", metavar="ID")
@asked
@formatted
def entity(*, reference: str, question: Question, output: Output) -> None:
    """Show one entity. ID: an id, a bare code, or a name that only one bears."""
    with graph_at(question) as graph:
        found = graph.entity(reference)
    output.show(found.to_dict(), found.rows(), lambda: _entity_page(found))


@click.command()
@click.argument("reference", metavar="ID")
@asked
@formatted
def records(*, reference: str, question: Question, output: Output) -> None:
    """Show the records about one entity, expired ones marked; repaired and revoked ones are not shown."""
    with graph_at(question) as graph:
        found = graph.records(reference)
    output.show(found.to_dict(), found.rows(), lambda: _records_page(found))


@click.command()
@click.argument("reference", metavar="ID")
@asked
@formatted
def history(*, reference: str, question: Question, output: Output) -> None:
    """Show every fact ever recorded about one entity, with both its intervals."""
    with graph_at(question) as graph:
        found = graph.history(reference)
    output.show(found.to_dict(), found.rows(), lambda: _history_page(found))


def _history_page(found: "History") -> None:
    from graph_service.cli.tables import print_columns

    print_columns(
        found.rows(),
        "kind subject_name object_name role name share valid_from valid_to recorded_from recorded_to details evidence",
        title=str(found.entity),
    )


def _entity_page(found: "EntityAnswer") -> None:
    from graph_service.cli.tables import print_pairs, print_table

    answer = found.to_dict()
    rows = [
        {
            "attribute": name,
            "value": value,
            "source": found.sources.get(name),
            "other sources": found.disagreeing.get(name),
        }
        for name, value in answer.pop("attributes").items()
    ]
    print_pairs({k: v for k, v in answer.items() if k not in {"sources", "disagreeing"}})
    print_table(rows)


def _records_page(found: "Records") -> None:
    from graph_service.cli.tables import print_lines, print_table

    columns = (
        "title",
        "status",
        "authority",
        "document",
        "decided",
        "valid_from",
        "valid_to",
        "amount",
        "reason",
    )
    print_table([{c: row[c] for c in columns} for row in found.rows()], title=str(found.entity))
    print_lines(
        [found.none_found.zh] if found.none_found else sorted({r.statement.zh for r in found.records})
    )
