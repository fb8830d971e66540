"""Persons who may be the same (疑似同一人): same name and same visible digits, or same name and same contact."""

import sqlite3
from itertools import combinations

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.store.identity import Identity
from graph_service.store.sqlite.kinds import KIND_NUMBERS
from graph_service.store.sqlite.names import NAME
from graph_service.store.sqlite.rows import FactReader

# More bearers of one key or users of one contact than this say nothing about sameness.
MOST_ALIKE = 10
DIGITS, CONTACT = "same_name_and_digits", "same_name_and_contact"
_PERSON = KIND_NUMBERS[str(EntityKind.PERSON)]
_OFFICES = ", ".join(str(int(k)) for k in (FactKind.REPRESENTS, FactKind.MANAGES, FactKind.HOLDS))
_DIGITS = f"SELECT group_concat(n) FROM candidate GROUP BY key HAVING count(*) BETWEEN 2 AND {MOST_ALIKE}"
_CONTACT = f"""
WITH small AS (
  SELECT o FROM fact WHERE kind = {int(FactKind.REACHED_AT)} AND o IS NOT NULL AND rt IS NULL
  GROUP BY o HAVING count(DISTINCT s) BETWEEN 2 AND {MOST_ALIKE}),
staff AS (
  SELECT DISTINCT small.o AS contact, person.s AS person FROM small
  JOIN fact reached ON reached.o = small.o AND reached.kind = {int(FactKind.REACHED_AT)} AND reached.rt IS NULL
  JOIN fact person ON person.o = reached.s AND person.kind IN ({_OFFICES}) AND person.rt IS NULL
  JOIN node ON node.n = person.s AND node.kind = {_PERSON})
SELECT group_concat(DISTINCT name.n) FROM staff JOIN name ON name.n = staff.person AND name.type = {NAME}
GROUP BY contact, norm HAVING count(DISTINCT name.n) BETWEEN 2 AND {MOST_ALIKE}
"""


def candidate_pairs(
    db: sqlite3.Connection, reader: FactReader, identity: Identity
) -> list[tuple[str, str, str]]:
    """Pairs of ids with the reason; pairs that are merged or that an officer keeps apart left out."""
    apart = {
        frozenset(row)
        for row in db.execute(f"SELECT s, o FROM fact WHERE kind = {int(FactKind.DISTINCT)} AND rt IS NULL")
    }
    found: dict[frozenset[int], str] = {}
    for sql, reason in ((_DIGITS, DIGITS), (_CONTACT, CONTACT)):
        for (group,) in db.execute(sql):
            persons = sorted({identity.canonical_during(int(n), None, None) for n in group.split(",")})
            for pair in combinations(persons, 2):
                if frozenset(pair) not in apart:
                    found.setdefault(frozenset(pair), reason)
    pairs = ((*sorted(reader.id_of(n) for n in pair), reason) for pair, reason in found.items())
    return sorted((one, other, reason) for one, other, reason in pairs)
