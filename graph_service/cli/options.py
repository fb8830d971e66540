"""Options that many commands share, as decorators."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from graph_service.cli.context import Question
from graph_service.cli.output import FORMATS, Output
from graph_service.cli.values import DAY, MOMENT


def formatted(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--format`; the command gets `output`."""

    @click.option(
        "--format", "form", type=click.Choice(FORMATS), default=None,
        help="Default: table on a terminal, json elsewhere.",
    )  # fmt: skip
    @wraps(command)
    def with_output(*args: Any, form: str | None, **kwargs: Any) -> Any:
        return command(*args, output=Output.of(form), **kwargs)

    return with_output


def asked(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--as-of`, `--known-at`, `--purpose`, `--case`; the command gets `question`."""

    @click.option(
        "--as-of", type=DAY, help="The day in the world (YYYY-MM-DD); default the snapshot's, else today."
    )
    @click.option(
        "--known-at", type=MOMENT, help="What was known then (a day: at its end); default the snapshot's."
    )
    @click.option("--purpose", help="Why a natural person is looked up; unmasks, audited.")
    @click.option("--case", help="The file number of that look-up.")
    @wraps(command)
    def with_question(
        *args: Any,
        as_of: int | None,
        known_at: int | None,
        purpose: str | None,
        case: str | None,
        **kwargs: Any,
    ) -> Any:
        return command(*args, question=Question(as_of, known_at, purpose, case), **kwargs)

    return with_question


def limited(default: int, most: int = 10_000) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Adds `--limit`; the command gets `limit`."""
    return click.option(
        "--limit", type=click.IntRange(1, most), default=default, show_default=True, help="At most so many."
    )


def decided(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--reason` and `--by` of an officer's decision."""
    reason = click.option("--reason", required=True, help="Why; kept with the decision.")
    by = click.option("--by", required=True, help="Who decides; kept with the decision.")
    return reason(by(command))
