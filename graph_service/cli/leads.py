"""`leads`: findings that officers marked; an officer marks one or takes that back."""

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, decided, formatted
from graph_service.cli.output import Output
from graph_service.domain.findings import Mark

MARKS = click.Choice([mark.value for mark in Mark])


@click.group(invoke_without_command=True)
@click.option("--as", "mark", type=MARKS, help="Only those with this mark.")
@click.option("--of", metavar="ID", help="Only findings about this enterprise.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=200, show_default=True, help="At most so many."
)
@asked
@formatted
@click.pass_context
def leads(
    context: click.Context,
    *,
    mark: str | None,
    of: str | None,
    limit: int,
    question: Question,
    output: Output,
) -> None:
    """List the findings that officers marked; `mark` one or `undo` a mark."""
    if context.invoked_subcommand is None:
        with graph_at(question) as graph:
            found = graph.leads(mark, of, limit)
        output.show(found.to_dict(), found.rows())


@leads.command(name="mark")
@click.argument("finding")
@click.option("--as", "word", type=MARKS, required=True, help="What is said of it.")
@decided
@formatted
def mark_(*, finding: str, word: str, reason: str, by: str, output: Output) -> None:
    """Mark a finding: its id stands in `associations`. One marked unfounded or no_action is left out until its evidence changes."""
    with graph_at(Question()) as graph:
        decision = graph.mark_lead(finding, word, reason=reason, by=by)
    output.show(decision.to_dict(), decision.rows())


@leads.command()
@click.argument("finding")
@decided
@formatted
def undo(*, finding: str, reason: str, by: str, output: Output) -> None:
    """Take back the mark on a finding."""
    with graph_at(Question()) as graph:
        decision = graph.undo_lead(finding, reason=reason, by=by)
    output.show(decision.to_dict(), decision.rows())
