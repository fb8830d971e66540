"""Errors at the edge: each becomes one sentence on standard error and an exit code, never a stack trace."""

import os
import sqlite3
import sys
import traceback
from collections.abc import Callable

import click

from graph_service.domain.errors import AmbiguousEntity, CreditGraphError
from graph_service.logs import without_numbers

LOG_LEVEL = "CREDIT_GRAPH_LOG_LEVEL"
INTERRUPTED = 130  # what a shell reports for a program ended by Ctrl-C
BROKEN_PIPE = 141  # the same for a reader of the output that went away


def run_guarded(program: Callable[[], object]) -> int:
    """Runs the program; its exit code. What goes wrong is said in one sentence on standard error."""
    try:
        result = program()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would flush standard output once more at exit, into the same closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  (the edge: no stack trace may reach a user)
        return _said(error)
    return result if isinstance(result, int) else 0


def _said(error: BaseException) -> int:
    match error:
        case KeyboardInterrupt() | click.Abort():
            _say("stopped; nothing that was begun is half done.")
            return INTERRUPTED
        case click.ClickException():
            _say(usage_sentence(error))
            return error.exit_code
        case CreditGraphError():
            _say(sentence(error))
            return error.exit_code
    return _unexpected(error)


def sentence(error: CreditGraphError) -> str:
    """An error of ours as one sentence; an ambiguous name with its candidates."""
    text = " ".join(str(error).split())
    if isinstance(error, AmbiguousEntity):
        shown = [c for c in error.candidates if c not in text]
        text += f" Candidates: {', '.join(shown)}." if shown else ""
    return text


def usage_sentence(error: click.ClickException) -> str:
    """A wrong call as one sentence that names the help to read."""
    text = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{text}; see `{context.command_path} --help`." if context else f"{text}."


def _unexpected(error: BaseException) -> int:
    if os.environ.get(LOG_LEVEL, "").strip().lower() == "debug":
        _say(without_numbers("".join(traceback.format_exception(error))))
        return 1
    kind, code = type(error).__name__, getattr(error, "errno", None)
    if isinstance(error, OSError) and code is not None:
        where = f" at '{error.filename}'" if error.filename else ""
        _say(f"the system refused: {os.strerror(code)}{where}; mend that and run the command again.")
    elif isinstance(error, sqlite3.Error):
        _say(f"the store cannot be used ({without_numbers(str(error))}); run `credit-graph doctor`.")
    else:
        # The message of a foreign exception may quote data, so only its kind is shown.
        _say(f"an unexpected {kind} stopped the command; run it again with {LOG_LEVEL}=debug to see where.")
    return 1


def _say(text: str) -> None:
    click.echo(f"credit-graph: {text}", err=True)
