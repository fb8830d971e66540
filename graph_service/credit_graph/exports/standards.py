"""Exports in open standards: the whole graph of a moment as one file that other programs read."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graph_service.credit_graph.exports.bods import bods_lines
from graph_service.credit_graph.exports.files import check_folder, whole_or_nothing
from graph_service.credit_graph.exports.ftm import ftm_lines
from graph_service.credit_graph.moment import Moment
from graph_service.domain.errors import WrongCall

Advance = Callable[[int], None]
Lines = Callable[[Moment, Path, Counter[str]], Iterator[bytes]]
STANDARDS: dict[str, Lines] = {"bods": bods_lines, "ftm": ftm_lines}
SUFFIXES = (".json", ".jsonl")
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were written, and how many facts of which kind the standard has no word for."""

    rows: int
    left_out: dict[str, int] = field(default_factory=dict)


def check_standard_target(path: Path, what: str) -> None:
    """Raises WrongCall for a suffix that the standard is not written with, MissingPath for a folder that is not there."""
    if path.suffix.lower() not in SUFFIXES:
        message = f"'{path.name}' does not say how to write {what}; let it end in {' or '.join(SUFFIXES)}."
        raise WrongCall(message)
    check_folder(path)


def write_standard(moment: Moment, what: str, path: Path, advance: Advance) -> Written:
    """Writes the graph to `path`: BODS as one JSON array or as JSON lines by the suffix, FtM always as JSON lines."""
    check_standard_target(path, what)
    is_array = what == "bods" and path.suffix.lower() == ".json"
    left_out: Counter[str] = Counter()
    count = 0
    with whole_or_nothing(path) as unfinished, unfinished.open("wb") as file:
        for line in STANDARDS[what](moment, path.absolute().parent, left_out):
            file.write((b",\n" if count else b"[\n") + line if is_array else line + b"\n")
            count += 1
            if count % AT_ONCE == 0:
                advance(AT_ONCE)
        if is_array:
            file.write(b"\n]\n" if count else b"[]\n")
        advance(count % AT_ONCE)
    return Written(count, dict(sorted(left_out.items())))


__all__ = ["STANDARDS", "Written", "check_standard_target", "write_standard"]
