"""Values of options: days and moments, read in Asia/Shanghai."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import click

from graph_service.domain.intervals import to_day

SHANGHAI = timezone(timedelta(hours=8))


class Day(click.ParamType[int]):
    """A calendar day, YYYY-MM-DD, as the number of days since 1970-01-01."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The day's number."""
        if isinstance(value, int):
            return value
        try:
            return to_day(date.fromisoformat(str(value)))
        except ValueError:
            self.fail(f"'{value}' is no day; write it like 2026-11-15", param, ctx)


class Moment(click.ParamType[int]):
    """A moment, or a day (its last instant), as microseconds since 1970 UTC."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The moment's number."""
        if isinstance(value, int):
            return value
        text = str(value)
        try:
            moment = (
                datetime.combine(date.fromisoformat(text), time.max)
                if len(text) == 10
                else datetime.fromisoformat(text)
            )
        except ValueError:
            self.fail(f"'{value}' is no moment; write 2026-11-15 or 2026-11-15T09:30:00+08:00", param, ctx)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SHANGHAI)
        return round((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


DAY = Day()
MOMENT = Moment()
