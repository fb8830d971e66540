"""`owners`, `holdings`, `controller`, `controlled`, `group`: who owns, who controls."""

from typing import TYPE_CHECKING, Any

import click

from graph_service.cli.context import Question, graph_at
from graph_service.cli.options import asked, formatted, limited
from graph_service.cli.output import Output

if TYPE_CHECKING:
    from graph_service.results import CommunitiesAnswer, Controllers, Groups, Holdings, Owners

least = click.option(
    "--min",
    "least",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Least upper bound of the interest.",
)


@click.command()
@click.argument("reference", metavar="ID")
@click.option("--owner", metavar="ID", help="Only this owner, with the facts of its chains.")
@least
@limited(200)
@asked
@formatted
def owners(
    *, reference: str, owner: str | None, least: float, limit: int, question: Question, output: Output
) -> None:
    """Show who owns one entity in the end: direct shares, look-through interests, chains."""
    with graph_at(question) as graph:
        found = graph.owners(reference, owner=owner, least=least, limit=limit)
    output.show(found.to_dict(), found.rows(), lambda: _interests(found, "owner"))


@click.command()
@click.argument("reference", metavar="ID")
@least
@limited(200)
@asked
@formatted
def holdings(*, reference: str, least: float, limit: int, question: Question, output: Output) -> None:
    """Show all that one entity has an interest in."""
    with graph_at(question) as graph:
        found = graph.holdings(reference, least=least, limit=limit)
    output.show(found.to_dict(), found.rows(), lambda: _interests(found, "enterprise"))


@click.command()
@click.argument("reference", metavar="ID")
@asked
@formatted
def controller(*, reference: str, question: Question, output: Output) -> None:
    """Show who controls one entity, by votes; where nobody does, why that cannot be told."""
    with graph_at(question) as graph:
        found = graph.controller(reference)
    output.show(found.to_dict(), found.rows(), lambda: _controllers(found))


@click.command()
@click.argument("reference", metavar="ID")
@limited(1000)
@asked
@formatted
def controlled(*, reference: str, limit: int, question: Question, output: Output) -> None:
    """Show what one entity controls, by votes."""
    with graph_at(question) as graph:
        found = graph.controlled(reference, limit=limit)
    output.show(
        found.to_dict(), found.rows(), lambda: _control(found.rows(), "enterprise", str(found.entity))
    )


@click.command()
@click.argument("reference", metavar="ID")
@limited(1000)
@asked
@formatted
def group(*, reference: str, limit: int, question: Question, output: Output) -> None:
    """Show the enterprises under common control with one entity, as a tree."""
    with graph_at(question) as graph:
        found = graph.group(reference, limit=limit)
    output.show(found.to_dict(), found.rows(), lambda: _groups(found))


@click.command()
@click.option("--of", metavar="ID", help="Only the community of this entity, with its members.")
@limited(20)
@asked
@formatted
def communities(*, of: str | None, limit: int, question: Question, output: Output) -> None:
    """Show what hangs together closely over all relations; says nothing about who controls whom."""
    with graph_at(question) as graph:
        found = graph.communities(of, limit=limit)
    output.show(found.to_dict(), found.rows(), lambda: _communities(found))


def _communities(found: "CommunitiesAnswer") -> None:
    from graph_service.cli.tables import print_columns, print_lines

    print_columns(found.rows(), "number size enterprises members", title=f"共 {found.total} 个关联社群")
    print_lines([found.none_found.zh] if found.none_found else [found.statement.zh])


def _interests(found: "Owners | Holdings", who: str) -> None:
    from graph_service.cli.tables import print_columns, print_lines

    names = f"{who}_name {who} direct interest_lower interest_upper exact chains"
    print_columns(found.rows(), names, title=str(found.entity))
    remarks = [sentence.zh for sentence in getattr(found, "remarks", ())]
    rows = found.items()
    print_lines([found.none_found.zh] if found.none_found else [*remarks, rows[0].statement.zh])


def _control(rows: list[dict[str, Any]], who: str, title: str) -> None:
    from graph_service.cli.tables import print_columns

    print_columns(rows, f"{who}_name {who} votes_lower votes_upper depth basis ultimate class", title=title)


def _controllers(found: "Controllers") -> None:
    from graph_service.cli.tables import print_lines

    _control(found.rows(), "controller", str(found.entity))
    suspected = [
        f"疑似实际控制人（系统推算）: {s.controller}，规则 {s.rule}，规则可信度 {s.confidence:.0%}。{s.statement.zh}"
        for s in found.suspected
    ]
    influence = [
        f"重大影响（20%以上，非控制）: {i.holder} {i.votes:.2%}" for i in found.significant_influence
    ]
    ends = [f"控制链止于: {end}" for end in found.boundary]
    said = [found.finding.zh, *(r.zh for r in found.remarks), *ends]
    parties = {
        frozenset(map(str, (c.controller, *c.acting_with))) for c in found.controllers if c.acting_with
    }
    together = sorted(f"一致行动: {'、'.join(sorted(names))}" for names in parties)
    print_lines(
        [*said, *together, *suspected, *influence, *sorted({c.statement.zh for c in found.controllers})]
    )


def _groups(found: "Groups") -> None:
    from graph_service.cli.tables import print_lines

    if found.none_found:
        print_lines([found.none_found.zh])
    for one in found.groups:
        children: dict[str, list[Any]] = {}
        for member in one.members:
            above = member.parent or one.controller
            children.setdefault(above.id, []).append(member)
        print_lines(
            [
                f"{one.controller}  同一控制下企业 {one.size} 户",
                *(f"  相互控制: {head}" for head in one.together),
                *(
                    line
                    for head in (one.controller, *one.together)
                    for line in _tree(head.id, children, 1, set())
                ),
            ]
        )


def _tree(above: str, children: dict[str, list[Any]], depth: int, seen: set[str]) -> list[str]:
    lines = []
    for member in children.get(above, ()):
        if member.entity.id not in seen:
            seen.add(member.entity.id)
            also = "  （另有其他最终控制人）" if member.shared else ""
            lines.append(f"{'  ' * depth}{member.entity}  {member.votes:.2%}{also}")
            lines += _tree(member.entity.id, children, depth + 1, seen)
    return lines
