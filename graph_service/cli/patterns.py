"""`patterns`: findings to look into."""

from typing import TYPE_CHECKING

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, formatted, limited
from graph_service.cli.output import Output

if TYPE_CHECKING:
    from graph_service.results import PatternsAnswer


@click.command()
@click.option("--kind", help="Only this kind, such as cross_holding or reborn.")
@click.option("--of", metavar="ID", help="Only those that this entity is a member of.")
@click.option("--cleared", is_flag=True, help="Also those that an officer cleared.")
@limited(50)
@asked
@formatted
def patterns(
    *, kind: str | None, of: str | None, cleared: bool, limit: int, question: Question, output: Output
) -> None:
    """Show rings, successors, clusters and sudden changes, with evidence: leads, no verdict."""
    with graph_at(question) as graph:
        found = graph.patterns(kind, of=of, limit=limit, with_cleared=cleared)
    output.show(found.to_dict(), found.rows(), lambda: _page(found))


def _page(found: "PatternsAnswer") -> None:
    from graph_service.cli.evidence import mark_line, record_line, step_line
    from graph_service.cli.tables import print_lines

    lines = []
    for one in found.patterns:
        members = "、".join(m.name or m.id for m in one.members)
        lines += [
            f"关联提示 · {one.title.zh}: {members}（{one.since} 至 {one.until}）",
            f"    {one.reason.zh}（编号 {one.finding}）",
        ]
        lines += [f"    {mark_line(one.mark, zh=True)}"] if one.mark else []
        lines += [f"    {step_line(step)}" for step in one.evidence]
        lines += [f"    {record_line(record)}" for record in one.records]
    if found.cleared:
        lines.append(f"已核查排除{found.cleared}条（--cleared 显示）")
    if found.paused:
        lines.append(f"异议处理中，暂停提示{found.paused}条")
    print_lines([*lines, *([found.none_found.zh] if found.none_found else [found.patterns[0].statement.zh])])
