"""What a load is told besides its paths."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from graph_service.rules import Rules
from loaders.template import Template

Progress = Callable[[str, int, int], None]
"""Called with a file's name, rows done and rows in all."""


def no_progress(_file: str, _done: int, _total: int) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """Options of a load.

    `template`: None lets each file find its own. `date`: of the delivery. `max_rejects`: share of rows that may be
    rejected; `strict` allows none. `person_key`: secret under which persons' numbers are hashed. `today`: the day by
    which births and open holdings are judged. `rules`: the office's record kinds, their terms and its code tables;
    None: the built-in ones.
    """

    today: dt.date
    template: Template | None = None
    batch: str | None = None
    date: dt.date | None = None
    strict: bool = False
    max_rejects: float = 0.10
    allow_ending: bool = False
    person_key: bytes | None = None
    rules: Rules | None = None
    progress: Progress = no_progress
    rows_at_once: int = 300_000
    notes_kept: int = 1000
