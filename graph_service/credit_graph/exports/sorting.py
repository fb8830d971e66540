"""Lines in the order of their keys, however many: sorted in pieces beside the file that is written, then merged.

The order in which a store yields facts is its own; a file of a standard is the same for the same graph.
"""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

AT_ONCE = 200_000
_KEY_END = b"\x00"


def in_order(lines: Iterable[tuple[str, bytes]], folder: Path) -> Iterator[bytes]:
    """The lines (key, text without line end) by key."""
    keyed = (key.encode() + _KEY_END + text for key, text in lines)
    with TemporaryDirectory(prefix=".export-", dir=folder) as place, ExitStack() as opened:
        pieces: list[Iterable[bytes]] = []
        while piece := sorted(islice(keyed, AT_ONCE)):
            if len(piece) < AT_ONCE and not pieces:
                pieces.append(piece)
                break
            path = Path(place) / str(len(pieces))
            path.write_bytes(b"".join(line + b"\n" for line in piece))
            pieces.append(opened.enter_context(path.open("rb")))
        for line in heapq.merge(*pieces):
            yield line.rstrip(b"\n").partition(_KEY_END)[2]
