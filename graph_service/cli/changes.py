"""`changes`: what differs for one entity since a day or a snapshot."""

from typing import TYPE_CHECKING

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.evidence import language
from graph_service.cli.options import asked, formatted
from graph_service.cli.output import Output
from graph_service.cli.values import DAY

if TYPE_CHECKING:
    from graph_service.results import Changes


def since_of(context: click.Context, option: click.Parameter, value: str) -> int | str:
    """A day as its number, or the id of a snapshot."""
    return value if value.startswith("s1-") else DAY.convert(value, option, context)


@click.command()
@click.argument("reference", metavar="ID")
@click.option(
    "--since", required=True, callback=since_of, help="A day (YYYY-MM-DD), or the id of a kept snapshot."
)
@asked
@formatted
def changes(*, reference: str, since: int | str, question: Question, output: Output) -> None:
    """Show what differs for one entity since a day or a snapshot: facts, owners, control, group, leads."""
    with graph_at(question) as graph:
        found = graph.changes(reference, since)
    output.show(found.to_dict(), found.rows(), lambda: _page(found))


def _page(found: "Changes") -> None:
    from graph_service.cli.tables import print_lines

    zh = language(None) == "zh"
    lines = [f"{found.entity}  {found.since} → {found.as_of}"]
    title = None
    for one in found.changes:
        if one.class_ != title:
            title = one.class_
            lines.append(title.title_zh if zh else title.value)
        lines.append(f"  {one.sentence.zh if zh else one.sentence.en}")
    said = [*found.remarks, *([found.none_found] if found.none_found else [])]
    lines += [s.zh if zh else s.en for s in said]
    if any(c.class_.caveat_zh for c in found.changes) and zh:
        lines += dict.fromkeys(c.class_.caveat_zh for c in found.changes if c.class_.caveat_zh)
    print_lines(lines)
