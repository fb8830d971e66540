"""Tables and readable pages for people, with rich; wide where the output is no terminal."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

WIDTH_OF_FILES = 200  # a table written to a file or pipe is not folded to a terminal that is not there
HEADING = ("snapshot", "as_of", "known_at", "stale", "truncated")


def console() -> Console:
    """Standard output as rich sees it, without guesses from the environment's width."""
    width = None if sys.stdout.isatty() else WIDTH_OF_FILES
    return Console(width=width, highlight=False, soft_wrap=False)


def print_table(rows: Sequence[Mapping[str, Any]], title: str | None = None) -> None:
    """Rows as a table; columns without any value are left out."""
    page = console()
    if not rows:
        page.print("nothing found" if title is None else f"{title}: nothing found")
        return
    names = [n for n in dict.fromkeys(k for r in rows for k in r) if any(_has_text(r.get(n)) for r in rows)]
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold", justify="right" if _is_number(rows, name) else "left")
    for row in rows:
        table.add_row(*(escape(cell(row.get(name))) for name in names))
    page.print(table)


def print_columns(rows: Sequence[Mapping[str, Any]], columns: str, title: str | None = None) -> None:
    """The named columns of rows as a table."""
    print_table([{name: row.get(name) for name in columns.split()} for row in rows], title)


def print_pairs(pairs: Mapping[str, Any]) -> None:
    """One thing: a line for each of its values that is there."""
    page = console()
    shown = {k: v for k, v in pairs.items() if _has_text(v)}
    width = max((len(k) for k in shown), default=0)
    for key, value in shown.items():
        page.print(f"[bold]{escape(key):<{width}}[/bold]  {escape(cell(value))}")


def print_lines(lines: Sequence[str]) -> None:
    """Plain lines."""
    page = console()
    for line in lines:
        page.print(escape(line))


def cell(value: Any) -> str:
    """A value as a short text.

    >>> cell(0.51), cell(None), cell(1200000.0), cell(True)
    ('0.51', '', '1200000', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}" if value != int(value) else str(int(value))
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {cell(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(cell(v) for v in value)
    return str(value)


def _has_text(value: Any) -> bool:
    return value is not None and value not in ("", [], {}, ())


def _is_number(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    values = [r.get(name) for r in rows if r.get(name) is not None]
    return bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
