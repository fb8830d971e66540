"""`hubs`: neutral hubs that no association is drawn through; an officer names or ends one."""

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, decided, formatted
from graph_service.cli.output import Output


@click.group(invoke_without_command=True)
@asked
@formatted
@click.pass_context
def hubs(context: click.Context, question: Question, output: Output) -> None:
    """List the hubs that officers named; `add` or `end` one."""
    if context.invoked_subcommand is None:
        with graph_at(question) as graph:
            found = graph.hubs()
        output.show(found.to_dict(), found.rows())


@hubs.command()
@click.argument("reference", metavar="ID")
@decided
@formatted
def add(*, reference: str, reason: str, by: str, output: Output) -> None:
    """Name an entity a neutral hub."""
    with graph_at(Question()) as graph:
        decision = graph.add_hub(reference, reason=reason, by=by)
    output.show(decision.to_dict(), decision.rows())


@hubs.command()
@click.argument("reference", metavar="ID")
@decided
@formatted
def end(*, reference: str, reason: str, by: str, output: Output) -> None:
    """End an officer's hub; reason and name are kept."""
    with graph_at(Question()) as graph:
        decision = graph.end_hub(reference, reason=reason, by=by)
    output.show(decision.to_dict(), decision.rows())
