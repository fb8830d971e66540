"""`templates list|show|check`: the feeds that can be read."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from graph_service.cli.context import settings
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.credit_graph.moment import rules_in
from graph_service.domain.errors import MissingPath
from graph_service.results import plain
from loaders.template import Column, Template, load_templates, read_template, ruled


@click.group()
def templates() -> None:
    """The feeds that can be read."""


@templates.command(name="list")
@formatted
def list_(output: Output) -> None:
    """List the built-in templates."""
    rows = [_summary(t) for t in load_templates().values()]
    output.show({"templates": rows}, [{k: _text(v) for k, v in row.items()} for row in rows])


@templates.command()
@click.argument("name")
@formatted
def show(name: str, output: Output) -> None:
    """Show one template: what a row is, every accepted header, what a row yields. NAME: a name or a file."""
    template = ruled(read_template(name), rules_in(settings().home))
    columns = [_column(c) for c in template.columns]
    output.show(
        {**_summary(template), "citation": template.citation, "columns": columns, "facts": _facts(template)},
        [{**c, "headers": " | ".join(c["headers"]), "values": _values(c["values"])} for c in columns],
        lambda: _page(template, columns),
    )


@templates.command()
@click.argument("file", type=click.Path(path_type=Path))
@formatted
def check(file: Path, output: Output) -> None:
    """Check a template of your own; a mistake is named with its line and field."""
    if not file.is_file():
        message = f"'{file}' is not there; give the path of a template, a .toml file."
        raise MissingPath(message)
    summary = {
        "file": str(file),
        "ok": True,
        **_summary(ruled(read_template(file), rules_in(settings().home))),
    }
    output.show(summary, [{k: _text(v) for k, v in summary.items()}])


def _summary(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "title": asdict(template.title),
        "department": asdict(template.department),
        "row": asdict(template.row),
        "mode": template.mode,
        "completeness": asdict(template.completeness),
        "reporting_lag": template.lag,
        "rank": template.rank,
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "headers": list(column.headers),
        "type": column.type,
        "required": column.required,
        "filled": column.filled,
        "bad": column.bad,
        "values": {normal: list(spellings) for normal, spellings in column.values},
    }


def _facts(template: Template) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = []
    for rule in template.facts:
        shown = {k: plain(v) for k, v in asdict(rule).items() if v not in (None, (), "")}
        facts.append({**shown, "kind": rule.kind.name.lower()})
    return facts


def _values(values: dict[str, list[str]]) -> str:
    return "; ".join(f"{normal}: {', '.join(spellings)}" for normal, spellings in values.items())


def _text(value: Any) -> Any:
    return value["zh"] if isinstance(value, dict) and set(value) == {"zh", "en"} else value


def _page(template: Template, columns: list[dict[str, Any]]) -> None:
    from graph_service.cli.tables import print_pairs, print_table

    print_pairs(
        {k: f"{v['zh']} · {v['en']}" if isinstance(v, dict) else v for k, v in _summary(template).items()}
    )
    print_table([{**c, "headers": " | ".join(c["headers"]), "values": _values(c["values"])} for c in columns])
