"""`matches`: which ids are one entity, which may be one person; an officer confirms or undoes."""

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, decided, formatted
from graph_service.cli.output import Output
from graph_service.results import flat


@click.group(invoke_without_command=True)
@click.option(
    "--limit", type=click.IntRange(1), default=200, show_default=True, help="At most so many of each."
)
@asked
@formatted
@click.pass_context
def matches(context: click.Context, limit: int, question: Question, output: Output) -> None:
    """List identities and candidates; `confirm` or `undo` one."""
    if context.invoked_subcommand is None:
        with graph_at(question) as graph:
            found = graph.matches(limit)
        rows = found.rows() + [_candidate(flat(c)) for c in found.candidates]
        output.show(found.to_dict(), [_uniform(row) for row in rows])


@matches.command()
@click.argument("one")
@click.argument("other")
@decided
@formatted
def confirm(*, one: str, other: str, reason: str, by: str, output: Output) -> None:
    """State that two ids are one entity."""
    with graph_at(Question()) as graph:
        decision = graph.confirm_match(one, other, reason=reason, by=by)
    output.show(decision.to_dict(), decision.rows())


@matches.command()
@click.argument("one")
@click.argument("other")
@decided
@formatted
def undo(*, one: str, other: str, reason: str, by: str, output: Output) -> None:
    """Take back what an officer stated of two ids; reject what the rules derived, or a candidate."""
    with graph_at(Question()) as graph:
        decision = graph.undo_match(one, other, reason=reason, by=by)
    output.show(decision.to_dict(), decision.rows())


def _candidate(row: dict[str, object]) -> dict[str, object]:
    return {"kind": "candidate", **row}


def _uniform(row: dict[str, object]) -> dict[str, object]:
    columns = (
        "kind", "subject", "subject_kind", "subject_name", "object", "object_kind", "object_name", "reason",
        "by",
        "valid_from", "valid_to", "class",
    )  # fmt: skip
    return {column: row.get(column) for column in columns}
