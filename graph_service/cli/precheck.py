"""`precheck`: at the counter, before a firm is founded or a person takes office."""

import getpass
from typing import TYPE_CHECKING

import click

from graph_service.cli.context import Question, graph_at, settings
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.cli.values import DAY, MOMENT
from graph_service.domain.errors import WrongCall
from graph_service.domain.identifiers import DEMO_PERSON_KEY

if TYPE_CHECKING:
    from graph_service.results import Precheck, RecordItem, RelationItem


@click.command()
@click.option(
    "--persons",
    metavar="FILE|-",
    help="CSV with 姓名, 证件类型, 证件号码, 职务; -: standard input. Numbers come from here alone.",
)
@click.option(
    "--address", "addresses", multiple=True, help="Where the firm is to be; may be given more than once."
)
@click.option("--contact", "contacts", multiple=True, help="A telephone number or e-mail address; likewise.")
@click.option("--purpose", required=True, help="Why the persons are looked up; kept in the audit log.")
@click.option("--case", required=True, help="The file number; kept in the audit log.")
@click.option(
    "--as-of", type=DAY, help="The day in the world (YYYY-MM-DD); default the snapshot's, else today."
)
@click.option(
    "--known-at", type=MOMENT, help="What was known then (a day: at its end); default the snapshot's."
)
@formatted
def precheck(
    *, persons: str | None, addresses: tuple[str, ...], contacts: tuple[str, ...], purpose: str, case: str,
    as_of: int | None, known_at: int | None, output: Output,
) -> None:  # fmt: skip
    """Show what the data say of a firm to be founded, or a person to take office: own records, statutory matters, leads, namesakes."""
    from graph_service.cli.persons import persons_in
    from graph_service.credit_graph.moment import rules_in

    listed = () if persons is None else persons_in(persons, rules_in(settings().home))
    if persons is not None and not listed:
        raise WrongCall("the list of persons has a header and no person; give a row for each.")
    key = (
        settings().person_key or DEMO_PERSON_KEY.decode()
    )  # the latter fits a store of invented persons alone
    with graph_at(Question(as_of, known_at)) as graph:
        found = graph.precheck(
            persons=listed, addresses=addresses, contacts=contacts, purpose=purpose, case=case,
            by=getpass.getuser(), person_key=key,
        )  # fmt: skip
    output.show(found.to_dict(), found.rows(), lambda: _page(found))


def _page(found: "Precheck") -> None:
    from graph_service.cli.tables import print_lines

    blocks = (
        ("一、本人记录", _own),
        ("二、法定任职事项", _office),
        ("三、关联提示", _leads),
        ("四、同名未合并", _namesakes),
    )
    lines: list[str] = []
    for title, told in blocks:
        lines += [title, *told(found)]
    lines += [found.statement.zh, f"本次查询已留痕，编号 {found.audit}；数据时点 {found.as_of}。"]
    print_lines(lines)


def _own(found: "Precheck") -> list[str]:
    lines = []
    for one in found.own_records:
        post = f"（{one.post}）" if one.post else ""
        listed = "本人已列入名单" if one.listed else "本人未列入名单" if one.person else ""
        lines += [f"  {one.applicant}. {one.name}{post} {listed}".rstrip(), *_records(one.records)]
        lines += [f"     {one.none_found.zh}"] if one.none_found else []
    return lines


def _office(found: "Precheck") -> list[str]:
    lines = []
    for one in found.office_matters:
        lines += [
            f"  {one.applicant}. {one.class_.title_zh} · {one.title.zh} · {one.enterprise or '本人'}",
            f"     {one.sentence.zh}",
        ]
        lines += [*_steps(one.path), *_records(one.records), f"     依据：{one.legal_basis}"]
    return lines or _nothing(found, "office_matters")


def _leads(found: "Precheck") -> list[str]:
    lines = []
    for one in found.leads:
        lines += [f"  {one.class_.title_zh} · {one.title.zh} · {one.target}", f"     {one.reason.zh}"]
        lines += [*_steps(one.path), *_records(one.records)]
    lines += [f"  {found.leads[0].statement.zh}"] if found.leads else _nothing(found, "leads")
    lines += [f"  异议处理中，暂停提示{found.paused}条"] if found.paused else []
    lines += [f"  公共节点，不作关联依据: {hub.name or hub.id} ({hub.reason})" for hub in found.hubs]
    return lines


def _namesakes(found: "Precheck") -> list[str]:
    lines = []
    for one in found.namesakes:
        lines += [
            f"  {one.applicant}. {one.person} {one.sentence.zh}",
            *_steps(one.known_in),
            *_records(one.records),
        ]
    return lines or _nothing(found, "namesakes")


def _nothing(found: "Precheck", block: str) -> list[str]:
    return [f"  {found.none_found[block].zh}"]


def _steps(steps: "tuple[RelationItem, ...]") -> list[str]:
    from graph_service.cli.evidence import step_line

    return [f"     {step_line(step)}" for step in steps]


def _records(records: "tuple[RecordItem, ...]") -> list[str]:
    from graph_service.cli.evidence import record_line

    return [f"     {record_line(record)}" for record in records]
