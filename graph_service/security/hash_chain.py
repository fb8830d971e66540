"""A chain of entries, each sealed with all before it: a changed, removed or moved one is found. Pure.

Definition: the hash of an entry is SHA-256 over its content and the hash of the entry before it, as JSON with sorted keys
and no spaces; the first entry follows 64 zeros. Source: S. Haber, W. S. Stornetta, How to time-stamp a digital document,
J. Cryptology 3 (1991). A chain tells nothing of entries cut off its end: who keeps it keeps its last hash apart.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

START = "0" * 64
PREVIOUS, HASH = "previous", "hash"


def sealed(content: Mapping[str, Any], previous: str) -> dict[str, Any]:
    """An entry of this content behind the one whose hash is `previous`.

    >>> first = sealed({"number": 1}, START)
    >>> break_of([first, sealed({"number": 2}, first["hash"])]) is None
    True
    """
    entry = {**content, PREVIOUS: previous}
    return {**entry, HASH: _hash(entry)}


def break_of(entries: Iterable[Mapping[str, Any]]) -> int | None:
    """How many entries are whole before the first that is not, in its own content or in what it follows; None: all are."""
    previous = START
    for place, entry in enumerate(entries):
        content = {k: v for k, v in entry.items() if k != HASH}
        if entry.get(PREVIOUS) != previous or entry.get(HASH) != _hash(content):
            return place
        previous = str(entry[HASH])
    return None


def _hash(entry: Mapping[str, Any]) -> str:
    text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
