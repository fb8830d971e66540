"""The one place that writes to standard output: a table for people, JSON or CSV for programs."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

FORMATS = ("table", "json", "csv")
Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Output:
    """How this call answers."""

    form: str

    @classmethod
    def of(cls, form: str | None) -> "Output":
        """The chosen form; without a choice a table on a terminal, JSON elsewhere."""
        return cls(form or ("table" if sys.stdout.isatty() else "json"))

    def show(
        self,
        document: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]],
        table: Callable[[], None] | None = None,
    ) -> None:
        """One answer: `document` as JSON, `rows` as CSV, `table()` or the rows as a table."""
        if self.form == "json":
            write_json(document)
            return
        if self.form == "csv":
            write_csv(rows)
        elif table:
            table()
        else:
            write_table(rows)
        _say_cut(document.get("truncated"))

    def stream(self, plural: str, rows: Rows) -> None:
        """A list of any length: one object with the list under its plural name, rows written as they come."""
        if self.form == "json":
            _stream_json(plural, rows)
        elif self.form == "csv":
            write_csv(rows)
        else:
            write_table(rows)


def _say_cut(cut: Mapping[str, Any] | None) -> None:
    """A table and CSV have no place for it, so that a cut answer is said on standard error."""
    if cut:
        total = f" of {cut['total']}" if cut.get("total") is not None else ""
        text = f"credit-graph: the answer was cut at {cut['limit']}{total} by the limit of {cut['stage']}; raise --limit for more."
        click.echo(text, err=True)


def write_json(document: Mapping[str, Any]) -> None:
    """One JSON document, UTF-8."""
    import orjson

    text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str)
    click.echo(text.decode())


def _stream_json(plural: str, rows: Rows) -> None:
    import orjson

    lead = f'{{"{plural}": ['
    for row in rows:
        click.echo(lead + "\n  " + orjson.dumps(row, default=str).decode(), nl=False)
        lead = ","
    click.echo(lead + "]}" if lead != "," else "\n]}")


def write_csv(rows: Rows) -> None:
    """Comma-separated rows, UTF-8; the columns of the first row, later ones must fit it."""
    writer: Any = None
    for row in rows:
        buffer = io.StringIO()
        if writer is None:
            columns = list(row)
            csv.writer(buffer).writerow(columns)
            writer = columns
        csv.writer(buffer).writerow([_plain(row.get(c)) for c in writer])
        click.echo(buffer.getvalue(), nl=False)


def _plain(value: Any) -> Any:
    """A cell as text: what holds several values as JSON, which programs of any language read."""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value


def write_table(rows: Rows) -> None:
    """A table for people; columns without any value are left out."""
    from graph_service.cli.tables import print_table

    print_table(list(rows))
