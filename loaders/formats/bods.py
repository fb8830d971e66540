"""The Beneficial Ownership Data Standard, version 0.4: statements about entities, persons and relationships.

A file is read twice: first who is in it and which statement of a record is the latest, then what is stated.
"""

from collections import defaultdict
from itertools import pairwise

from loaders.formats.bods_parts.index import Index
from loaders.formats.bods_parts.interests import Interest
from loaders.formats.bods_parts.parties import entity_id, party, party_kind
from loaders.formats.bods_parts.relationships import (
    Ends,
    relationship,
    resized,
    shares,
    state,
    superseded,
)
from loaders.formats.bods_parts.statement import Statement, statement_of
from loaders.formats.gather import Gather, Said, Unfit
from loaders.formats.records import Record, records
from loaders.reader import RawReject, SourceFile

Row = tuple[Statement, Said, list[Interest], Ends]


def has_person_numbers(source: SourceFile) -> bool:
    """Whether a person of the file carries a number that has to be hashed."""
    return any(not isinstance(value, RawReject) and _names_number(value) for _, value in records(source))


def _names_number(value: Record) -> bool:
    details = value.get("recordDetails")
    if value.get("recordType") != "person" or not isinstance(details, dict):
        return False
    given = details.get("identifiers")
    return isinstance(given, list) and any(isinstance(i, dict) and i.get("id") for i in given)


def convert(source: SourceFile, gather: Gather, key: bytes | None) -> None:
    """All rows of a file. Raises UnreadableFile."""
    index = _index(source, key)
    waiting: dict[str, list[Row]] = defaultdict(list)
    for line, value in records(source):
        if isinstance(value, RawReject):
            gather.unread(value)
        elif line in index.unfit:
            gather.reject(line, index.unfit[line])
        else:
            _row(statement_of(line, value), (index, gather, key), waiting)
    for rows in waiting.values():
        _several(rows, index, gather)
    gather.end()


def _index(source: SourceFile, key: bytes | None) -> Index:
    index = Index()
    for line, value in records(source):
        if not isinstance(value, RawReject):
            try:
                index.add(statement_of(line, value), lambda s: _party(s, key), shares)
            except Unfit as e:
                index.unfit[line] = e
    return index


def _party(statement: Statement, key: bytes | None) -> tuple[str, str]:
    party(statement, key)  # a statement that is rejected leaves nobody to refer to
    return entity_id(statement, key), party_kind(statement)


def _row(
    statement: Statement, tools: tuple[Index, Gather, bytes | None], waiting: dict[str, list[Row]]
) -> None:
    index, gather, key = tools
    if statement.type == "relationship":
        try:
            said, found, ends = relationship(statement, index)
        except Unfit as e:
            gather.reject(statement.line, e)
            return
        if index.count[statement.record] > 1:
            waiting[statement.record].append((statement, said, found, ends))
        else:
            state(said, statement, ends, found, index)
            gather.take(said)
    elif index.is_latest(statement):
        gather.take(party(statement, key))
    else:
        said = Said(statement.line)
        said.note("superseded")
        gather.take(said)


def _several(rows: list[Row], index: Index, gather: Gather) -> None:
    """The statements of one relationship in the order of their dates: the last counts, the others are its past."""
    rows.sort(key=lambda row: row[0].order)
    found = rows[0][2]
    for (statement, said, _, ends), (following, _, said_later, _) in pairwise(rows):
        later = resized(found, said_later, following.stated)
        superseded(said, (statement, following), ends, (found, later))
        gather.take(said)
        found = later
    statement, said, _, ends = rows[-1]
    state(said, statement, ends, found, index)
    gather.take(said)
