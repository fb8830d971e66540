"""From the text of a cell to a value, as expressions of DuckDB SQL: no row goes through Python."""

from loaders.normalize.columns import ColumnContext, Typed, typed_column

__all__ = ["ColumnContext", "Typed", "typed_column"]
