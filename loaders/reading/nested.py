"""Names by which objects of open standards are told from rows of a table."""

from collections.abc import Collection

MARKS = {"bods": ("statementId", "recordType"), "ftm": ("id", "schema", "properties")}
"""Names that objects of a standard have at their top."""
OLD_BODS = ("statementID", "statementType")
"""The same for BODS 0.1 to 0.3."""


def nested_standard(names: Collection[str]) -> str | None:
    """The standard of objects that have these names; of several versions in one file the one that is read."""
    return next((name for name, marks in MARKS.items() if set(names).issuperset(marks)), None)
