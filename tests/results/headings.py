"""The heading of answers that tests make by hand."""

from datetime import UTC, date, datetime

from graph_service.results import Heading

HEADING: Heading = {
    "snapshot": None,
    "as_of": date(2026, 11, 15),
    "known_at": datetime(2026, 11, 15, tzinfo=UTC),
    "stale": False,
}
