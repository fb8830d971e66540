"""Exports as files: written under another name, renamed when complete: a file is whole or not there."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph_service.credit_graph.exports.columns import Sheet
from graph_service.credit_graph.exports.graphml import write_graphml
from graph_service.credit_graph.exports.rows import write_csv, write_jsonl, write_parquet
from graph_service.domain.errors import MissingPath, WrongCall

Advance = Callable[[int], None]
Write = Callable[[Sheet, Path, Advance], int]
WRITERS: dict[str, Write] = {
    ".csv": write_csv,
    ".parquet": write_parquet,
    ".jsonl": write_jsonl,
    ".graphml": write_graphml,
}


NO_GRAPHS = frozenset({"records", "patterns"})


def check_target(path: Path, what: str) -> None:
    """Raises WrongCall for a suffix that nothing writes, MissingPath for a folder that is not there."""
    if path.suffix.lower() not in WRITERS:
        message = f"'{path.name}' does not say how to write; let it end in {', '.join(WRITERS)}."
        raise WrongCall(message)
    if path.suffix.lower() == ".graphml" and what in NO_GRAPHS:
        message = f"{what} are no graph; export them as .csv, .parquet or .jsonl."
        raise WrongCall(message)
    check_folder(path)


def check_folder(path: Path) -> None:
    """Raises MissingPath for a folder that is not there, WrongCall for a file that is one."""
    if not path.absolute().parent.is_dir():
        message = f"the folder '{path.parent}' does not exist; create it or name another file."
        raise MissingPath(message)
    if path.is_dir():
        message = f"'{path}' is a folder; name a file."
        raise WrongCall(message)


def write_sheet(sheet: Sheet, path: Path, advance: Advance) -> int:
    """Writes all rows to `path` by its suffix; how many."""
    check_target(path, sheet.what)
    with whole_or_nothing(path) as unfinished:
        return WRITERS[path.suffix.lower()](sheet, unfinished, advance)


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[Path]:
    """A name beside `path` to write under; the file takes its place once it is complete."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
