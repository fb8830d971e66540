"""`beneficial-owners`, `related-parties`."""

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, formatted
from graph_service.cli.output import Output


@click.command()
@click.argument("reference", metavar="ID")
@asked
@formatted
def beneficial_owners(*, reference: str, question: Question, output: Output) -> None:
    """Show the natural persons behind one enterprise, each with the test that named it: computed, not filed."""
    from graph_service.cli.tables import print_columns, print_lines

    with graph_at(question) as graph:
        found = graph.beneficial_owners(reference)

    def page() -> None:
        print_columns(
            found.rows(), "person_name person test lower upper class citation", title=str(found.entity)
        )
        said = [
            *found.exemptions,
            *found.remarks,
            *dict.fromkeys(b.statement for b in found.beneficial_owners),
        ]
        print_lines([s.zh for s in said] + ([found.none_found.zh] if found.none_found else []))

    output.show(found.to_dict(), found.rows(), page)


@click.command()
@click.argument("reference", metavar="ID")
@asked
@formatted
def related_parties(*, reference: str, question: Question, output: Output) -> None:
    """Show related parties by company law, by CAS 36 and by the 5 % rule, each told apart."""
    from graph_service.cli.tables import print_columns, print_lines

    with graph_at(question) as graph:
        found = graph.related_parties(reference)

    def page() -> None:
        print_columns(
            found.rows(), "definition party_name party role over_name citation", title=str(found.entity)
        )
        print_lines([found.none_found.zh] if found.none_found else [found.related_parties[0].statement.zh])

    output.show(found.to_dict(), found.rows(), page)
