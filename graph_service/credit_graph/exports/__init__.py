"""Everything of one sort at once, as a file or a data frame: the same columns, the same masking."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph_service.credit_graph.exports.associations import associations_sheet
from graph_service.credit_graph.exports.columns import Sheet
from graph_service.credit_graph.exports.entities import entities_sheet
from graph_service.credit_graph.exports.files import check_target, write_sheet
from graph_service.credit_graph.exports.ownership import (
    beneficial_owners_sheet,
    control_sheet,
    groups_sheet,
    owners_sheet,
)
from graph_service.credit_graph.exports.patterns import patterns_sheet
from graph_service.credit_graph.exports.records import records_sheet
from graph_service.credit_graph.exports.relations import relations_sheet
from graph_service.credit_graph.exports.standards import STANDARDS, write_standard
from graph_service.credit_graph.moment import Moment
from graph_service.domain.errors import WrongCall
from graph_service.results import plain

if TYPE_CHECKING:
    import pandas as pd

SHEETS: dict[str, Callable[[Moment], Sheet]] = {
    "entities": entities_sheet,
    "relations": relations_sheet,
    "records": records_sheet,
    "owners": owners_sheet,
    "control": control_sheet,
    "beneficial-owners": beneficial_owners_sheet,
    "groups": groups_sheet,
    "associations": associations_sheet,
    "patterns": patterns_sheet,
}


def sheet_of(moment: Moment, what: str, least: float | None = None) -> Sheet:
    """The export of this name; `least`: of owners alone, the least upper bound of an interest. Raises WrongCall."""
    if what not in SHEETS:
        message = f"there is no export '{what}'; choose from {', '.join((*SHEETS, *STANDARDS))}."
        raise WrongCall(message)
    return SHEETS[what](moment) if least is None else owners_sheet(moment, least)


def export(
    moment: Moment, what: str, path: Path, advance: Callable[[int], None], least: float | None = None
) -> dict[str, Any]:
    """Write an export to a file; what was written where, how many rows, for which moment.

    `left_out`: of an open standard, how many facts of which kind it has no word for.
    """
    if least is not None and what != "owners":
        raise WrongCall(f"a least interest is for the export of owners only, not for '{what}'.")
    if what in STANDARDS:
        written = write_standard(moment, what, path, advance)
        heading = {"export": what, "file": str(path), "rows": written.rows, **plain(moment.heading())}
        return {**heading, "truncated": None, "left_out": written.left_out}
    check_target(path, what)
    rows = write_sheet(sheet_of(moment, what, least), path, advance)
    return {"export": what, "file": str(path), "rows": rows, **plain(moment.heading()), "truncated": None}


def frame(moment: Moment, what: str) -> "pd.DataFrame":
    """An export as a data frame; days as datetime64."""
    import pandas as pd  # noqa: PLC0415  (half a second that most programs never need)

    sheet = sheet_of(moment, what)
    rows = [row for chunk in sheet.chunks for row in chunk]
    found = pd.DataFrame(rows, columns=[c.name for c in sheet.columns])
    for column in sheet.columns:
        if column.type == "day":
            found[column.name] = pd.to_datetime(found[column.name])
    return found
