"""The objects of a nested file, one after the other, nested as they stand: what a standard calls a statement or entity."""

from collections.abc import Iterator
from typing import Any

from loaders.reading import json_array, json_lines
from loaders.reading.json_lines import bad_json
from loaders.reading.lines import Lines
from loaders.reading.model import NUL, RECORD_LIMIT, TOO_LONG, RawReject, SourceFile, clipped

Record = dict[str, Any]
DEEPEST = 100


def records(source: SourceFile) -> Iterator[tuple[int, Record | RawReject]]:
    """Line (in a JSON document: place in the list) and object, or why it cannot be read.

    Raises:
        UnreadableFile: the document breaks where no single object can be blamed, or the file changed.
    """
    found = _of_lines(source) if source.format == "jsonl" else _of_document(source)
    for line, value in found:
        if isinstance(value, dict) and _has_nul(value):
            yield line, RawReject(line, "", NUL, None, "The record holds a NUL character.")
        else:
            yield line, value


def _of_lines(source: SourceFile) -> Iterator[tuple[int, Record | RawReject]]:
    for line, _, value in json_lines.objects(Lines(source)):
        yield line, value


def _of_document(source: SourceFile) -> Iterator[tuple[int, Record | RawReject]]:
    document = json_array.Document(source.path, source.encoding or "utf-8")
    for place, (value, text) in enumerate(json_array.elements(document), 1):
        raw = text.encode("utf-8", "replace")
        if len(raw) > RECORD_LIMIT:
            yield (
                place,
                RawReject(place, clipped(raw), TOO_LONG, None, "The record is longer than 1 MiB."),
            )
        elif isinstance(value, dict):
            yield place, value
        else:
            yield place, bad_json(place, raw, "it is not an object")


def _has_nul(value: object, depth: int = 0) -> bool:
    """Whether a text inside is none that a store can keep: with NUL, half a character, or nested beyond sense."""
    if isinstance(value, str):
        return "\0" in value or any("\ud800" <= c <= "\udfff" for c in value)
    if depth > DEEPEST:
        return True
    if isinstance(value, dict):
        return any(_has_nul(k, depth + 1) or _has_nul(v, depth + 1) for k, v in value.items())
    return isinstance(value, list) and any(_has_nul(v, depth + 1) for v in value)
