"""Logging to standard error, as plain lines or JSON lines, without a single citizen's number."""

import json
import logging
import re
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal, TextIO

LogFormat = Literal["plain", "json"]
PACKAGES = ("graph_service", "loaders", "models")

# Identity numbers have 15 or 18 places, the last of 18 may be X; `\d` means full-width digits too, which
# dirty files contain. Runs of another length are amounts, telephones, document numbers.
_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[XxＸｘ]|\d{18}|\d{15})(?!\d)")
_SHANGHAI = timezone(timedelta(hours=8))


def without_numbers(text: str) -> str:
    """Text in which every run of 15 or 18 digits (the last may be X) has become stars of the same length.

    >>> without_numbers("line 7: 11010519491231002X is no date")
    'line 7: ****************** is no date'
    """
    return _NUMBER.sub(lambda found: "*" * len(found.group()), text)


def _moment(record: logging.LogRecord) -> str:
    return (
        datetime.fromtimestamp(record.created, UTC).astimezone(_SHANGHAI).isoformat(timespec="milliseconds")
    )


class PlainFormatter(logging.Formatter):
    """One line for people: time, level, module, message; masked, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        record.message = record.getMessage()
        line = f"{_moment(record)} {record.levelname} {record.name}: {record.message}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return without_numbers(line)


class JsonFormatter(logging.Formatter):
    """One JSON object a line for log collectors: time, level, logger, message, traceback; masked."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        entry: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_numbers(record.getMessage()),
        }
        if record.exc_info:
            entry["traceback"] = without_numbers(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


def configure_logs(level: str = "warning", form: LogFormat = "plain", stream: TextIO | None = None) -> None:
    """Sends what our packages log to `stream` (standard error), masked. A second call replaces the first."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else PlainFormatter())
    for name in PACKAGES:
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level.upper())
        logger.propagate = False
