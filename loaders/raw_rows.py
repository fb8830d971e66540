"""The raw text of rejected rows as it may be kept: the one place that says which cells of a row are shown how.

Names of organisations, days, amounts, codes and texts help to mend a file; names, numbers and telephones of natural
persons are not kept, and of a column that the template does not know nobody can say what it holds.
"""

from graph_service.security.masking import mask_digits, mask_row
from loaders.discover import Matched
from loaders.normalize.sql import name as quoted_name
from loaders.normalize.sql import quoted
from loaders.session import Connection, run

RAW_CAP = 2000
_LETTERS = r"[\p{Han}·]"
_NAME = rf"(^|[、,，;；/|\s])({_LETTERS}){_LETTERS}{{1,3}}([、,，;；/|\s(（]|$)"
_MOBILE = r"(1[3-9]\d)\d{4}(\d{4})"


def raw_sql(con: Connection, matched: Matched) -> str:
    """SQL for the row as one text: persons' names and telephones shortened, unknown columns hidden, cut at a cap."""
    columns = [r[0] for r in run(con, "SELECT name FROM pragma_table_info('rows') ORDER BY cid")]
    types, people = column_types(matched), person_headers(matched)
    cells = [f"coalesce({_cell(c, types, people)}, '')" for c in columns if c != "line"]
    return f"left(concat_ws(',', {', '.join(cells)}), {RAW_CAP})"


def raw_text(raw: str, matched: Matched) -> str:
    """The same for a row that the reader could not cut into cells for certain."""
    header, people, types = matched.source.header, person_headers(matched), column_types(matched)
    names = {i for i, h in enumerate(header) if h in people}
    unknown = {i for i, h in enumerate(header) if h not in types}
    return mask_row(raw, names, len(header), matched.source.delimiter or ",", unknown)


def masked_digits(raw: object) -> str:
    """The finished text, numbers masked."""
    return mask_digits(str(raw))


def column_types(matched: Matched) -> dict[str, str]:
    """The type of each header that the template knows."""
    return {header: matched.template.column(column).type for column, header in matched.headers.items()}


def person_headers(matched: Matched) -> dict[str, str | None]:
    """Headers whose cells may name a natural person, and the party that each names; None: always a person.

    A name is an organisation's only where a party of that kind bears it: representatives, principals and heads of
    finance are no parties of most templates.
    """
    parties = {c: p for p in matched.template.parties for c in p.names}
    found: dict[str, str | None] = {}
    for column, header in matched.headers.items():
        party = parties.get(column)
        if party is not None and party.kind in ("person", "auto") and party.id is None:
            found[header] = party.name
        elif party is None and matched.template.column(column).type == "name":
            found[header] = None
    return found


def _cell(column: str, types: dict[str, str], people: dict[str, str | None]) -> str:
    cell = f"rows.{quoted_name(column)}"
    if column not in types:
        return f"CASE WHEN {cell} <> '' THEN '…(' || length({cell}) || ')' END"
    if column in people:
        return f"CASE WHEN {_is_person(people[column])} THEN {_short(cell)} ELSE {cell} END"
    if types[column] == "telephone":
        return f"left({cell}, 3) || '****'"
    return _text(cell, people) if types[column] == "text" else cell


def _text(cell: str, people: dict[str, str | None]) -> str:
    """A free text: the row's own people, cells and list items that read like a name, and mobile numbers."""
    for header, party in people.items():
        person = f"rows.{quoted_name(header)}"
        known = f"length({person}) > 1 AND {_is_person(party)}"
        cell = f"CASE WHEN {known} THEN replace({cell}, {person}, {_short(person)}) ELSE {cell} END"
    for pattern, shown in ((_NAME, r"\1\2*\3"), (_NAME, r"\1\2*\3"), (_MOBILE, r"\1****\2")):
        cell = f"regexp_replace({cell}, {quoted(pattern)}, {quoted(shown)}, 'g')"
    return cell


def _is_person(party: str | None) -> str:
    return "TRUE" if party is None else f"coalesce({quoted_name(party + '__kind')} = 'person', TRUE)"


def _short(cell: str) -> str:
    return f"CASE WHEN {cell} <> '' THEN left({cell}, 1) || '*' ELSE {cell} END"
