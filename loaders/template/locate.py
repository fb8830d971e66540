"""On which line of a TOML text a field stands; the standard library's reader does not say."""

import re

Path = tuple[str | int, ...]

_TABLE = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
_ARRAY = re.compile(r"^\s*\[\[\s*([^\[\]]+?)\s*\]\]\s*(#.*)?$")
_KEY = re.compile(r"^\s*((?:[\w-]+|\"[^\"]+\"|'[^']+')(?:\s*\.\s*(?:[\w-]+|\"[^\"]+\"))*)\s*=")
_PIECE = re.compile(r"[\w-]+|\"[^\"]+\"|'[^']+'")


def line_numbers(text: str) -> dict[Path, int]:
    r"""Line (from 1) of every table and key that is written at the start of a line.

    >>> line_numbers('a = 1\n[[facts]]\nkind = "holds"')[("facts", 0, "kind")]
    3
    """
    lines: dict[Path, int] = {(): 1}
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if array := _ARRAY.match(line):
            path = _pieces(array[1])
            counts[path] = counts.get(path, -1) + 1
            table = (*path, counts[path])
            lines.setdefault(path, number)
            lines[table] = number
        elif header := _TABLE.match(line):
            table = _pieces(header[1])
            lines[table] = number
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_pieces(key[1])), number)
    return lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Line of the field, or of the nearest table around it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _pieces(dotted: str) -> Path:
    return tuple(p.strip("\"'") for p in _PIECE.findall(dotted))
