"""Columns whose cells repeat: each different text is worked out once, and the rows look it up.

A date, an amount or a type code is a matter of the text alone, and a file of a million rows holds some thousands of
them. Codes, names and numbers differ from row to row and are worked out in the rows.
"""

from dataclasses import dataclass

from loaders.normalize import Typed
from loaders.normalize.sql import name as quoted_name
from loaders.template.model import Column, ColumnType

REPEATING: tuple[ColumnType, ...] = ("date", "amount", "percent", "integer", "enum")


@dataclass(frozen=True, slots=True)
class Cells:
    """The table of one column's different texts.

    `table` makes it of the table `rows`; `join` fetches its values for a row; `checks` are the conditions of the
    column's findings over the joined row, in their order.
    """

    table: str
    join: str
    aliases: tuple[str, ...]
    checks: tuple[str, ...]


def repeats(column: Column) -> bool:
    """Whether the column's value is a matter of its own text, and of few different ones."""
    return column.type in REPEATING and column.source is None and column.document is None


def cells_of(column: Column, header: str, typed: Typed) -> Cells:
    """The statements for a column whose steps were made over the expression `cell`."""
    table, raw = f"cells_{column.name}", quoted_name(header)
    checks = {f"{column.name}__f{i}": f.condition for i, f in enumerate(typed.findings)}
    query = f"SELECT DISTINCT {raw} AS cell FROM rows"
    for step in filter(None, (*typed.steps, checks)):
        added = ", ".join(f"{expression} AS {alias}" for alias, expression in step.items())
        query = f"SELECT *, {added} FROM ({query})"
    aliases = tuple(alias for step in (*typed.steps, checks) for alias in step)
    return Cells(
        f"CREATE OR REPLACE TEMP TABLE {table} AS {query}",
        f"LEFT JOIN {table} ON rows.{raw} IS NOT DISTINCT FROM {table}.cell",
        tuple(f"{table}.{alias}" for alias in aliases),
        tuple(checks),
    )
