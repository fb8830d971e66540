"""Runs the SQL of one column over texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from loaders.normalize import ColumnContext, typed_column
from loaders.session import Connection, open_session, run
from loaders.template import Column

TODAY = date(2026, 11, 15)
KEY = b"a key for tests"


@dataclass(frozen=True)
class Cell:
    """What became of one text: its value, its other aliases, and the codes of the checks that it failed."""

    value: Any
    aliases: dict[str, Any]
    found: tuple[str, ...]


def session() -> Connection:
    return open_session(KEY)


def cells(column: Column, texts: Sequence[str | None], context: ColumnContext | None = None) -> list[Cell]:
    """The column over these texts, in order."""
    con = session()
    run(con, "CREATE TABLE given (i INTEGER, raw VARCHAR)")
    con.executemany("INSERT INTO given VALUES (?, ?)", [[i, t] for i, t in enumerate(texts)])
    typed = typed_column(column, "raw", context or ColumnContext(column.headers[0], TODAY))
    query = "SELECT * FROM given"
    for step in typed.steps:
        query = f"SELECT *, {', '.join(f'{e} AS {a}' for a, e in step.items())} FROM ({query})"
    checks = [f"coalesce({f.condition}, FALSE)" for f in typed.findings]
    rows = run(
        con, f"SELECT * EXCLUDE (i, raw), [{', '.join(checks)}]::BOOLEAN[] AS found FROM ({query}) ORDER BY i"
    )
    names = [a for step in typed.steps for a in step]
    codes = [f.code for f in typed.findings]
    return [_cell(column.name, dict(zip(names, r[:-1], strict=True)), codes, r[-1]) for r in rows]


def _cell(name: str, aliases: dict[str, Any], codes: list[str], failed: list[bool]) -> Cell:
    return Cell(aliases[name], aliases, tuple(c for c, bad in zip(codes, failed, strict=True) if bad))


def one(column: Column, text: str | None, context: ColumnContext | None = None) -> Cell:
    """The column over one text."""
    return cells(column, [text], context)[0]
