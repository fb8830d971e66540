"""Which ids stand for the same entity, by the rules that need no officer. Pure: Arrow tables in, an Arrow table out.

- Inside one enterprise a person known by name is the one numbered person who bears that name there; with two, apart.
  An enterprise known under several ids is one; without a numbered person, its persons of one name are one as well.
- An organisation known by name is the one registered enterprise, by code or registration number, that bore the name;
  while two bore it, open.
- An organisation known by registration number is the one that states this number beside its code.

Every engine gathers the inputs its own way and gets the same answer. Source of the rules: the public contract.
"""

from dataclasses import dataclass, fields

import duckdb
import pyarrow as pa

from graph_service.domain.facts import canonical_json
from graph_service.store.base import schema
from graph_service.store.content import arrow, engine
from graph_service.text.normal import normalize_name_sql

RESOLUTION = "resolution"
IN_ENTERPRISE, BY_NAME, BY_NUMBER = "person_in_enterprise", "registered_name", "registration_number"

# weak ids that a visible fact names, to judge
WEAK = schema(("node", pa.int64()))
# persons of enterprises, the latter under the id they were loaded with, and the person's name; `is_weak`: known by name
STAFF = schema(
    ("person", pa.int64()), ("is_weak", pa.bool_()), ("enterprise", pa.string()), ("name", pa.string())
)
# ids of enterprises that turned out to be another one's
MOVED = schema(("enterprise", pa.string()), ("target", pa.string()))
# names that organisations with a code or a registration number bore; `is_former` names carry their own interval
NAMES = schema(
    ("entity", pa.int64()),
    ("name", pa.string()),
    ("valid_from", pa.int32()),
    ("valid_to", pa.int32()),
    ("is_former", pa.bool_()),
)
# registration numbers that organisations with a code state
NUMBERS = schema(("entity", pa.int64()), ("number", pa.string()))
# pairs that an officer keeps apart
APART = schema(("one", pa.int64()), ("other", pa.int64()))

MATCHES = schema(
    ("node", pa.int64()),
    ("target", pa.int64()),
    ("role", pa.string()),
    ("valid_from", pa.int32()),
    ("valid_to", pa.int32()),
)

_STAFF = f"""
WITH placed AS (
  SELECT DISTINCT person, is_weak, coalesce(target, enterprise) AS home, {normalize_name_sql("name")} AS name
  FROM staff LEFT JOIN moved USING (enterprise) WHERE name IS NOT NULL),
numbered AS (
  SELECT home, name, any_value(person) AS target, count(DISTINCT person) AS persons FROM placed
  WHERE NOT is_weak GROUP BY home, name),
called AS (SELECT enterprise, target AS home FROM moved UNION SELECT home, home FROM placed),
spots AS (
  SELECT node_number('person-at:' || left(sha256(enterprise || '|' || name), 32)) AS node,
    node_number('person-at:' || left(sha256(home || '|' || name), 32)) AS at_home, home, name
  FROM (SELECT DISTINCT home, name FROM placed) JOIN called USING (home)),
judged AS (SELECT * FROM spots SEMI JOIN weak USING (node)),
found AS (
  SELECT node, target FROM judged JOIN numbered USING (home, name) WHERE persons = 1
  UNION ALL SELECT node, at_home FROM judged ANTI JOIN numbered USING (home, name)
  SEMI JOIN (SELECT node AS at_home FROM weak) USING (at_home) WHERE node <> at_home)
SELECT node, target, '{IN_ENTERPRISE}' AS role, NULL::INTEGER AS valid_from, NULL::INTEGER AS valid_to FROM found
"""
# Who states a number beside a code is who is known by that number alone.
_STATED = """
stated AS (SELECT node_number('regno:' || number) AS node, entity FROM numbers),
meant AS (SELECT node, any_value(entity) AS target FROM stated GROUP BY node HAVING count(DISTINCT entity) = 1)
"""
# A current name is borne since the last former one ended. Where bearers overlap, the cuts between their ends are
# judged one by one, and only those with one bearer match.
_NAMES = f"""
WITH {_STATED},
ended AS (SELECT entity, max(valid_to) AS day FROM names WHERE is_former GROUP BY entity),
bearing AS (
  SELECT DISTINCT node_number('name:' || left(sha256({normalize_name_sql("name")}), 32)) AS node,
    coalesce(meant.target, n.entity) AS entity,
    coalesce(CASE WHEN is_former THEN n.valid_from ELSE ended.day END, -2147483648) AS start,
    coalesce(CASE WHEN is_former THEN n.valid_to END, 2147483647) AS stop
  FROM names n LEFT JOIN ended USING (entity) LEFT JOIN meant ON meant.node = n.entity WHERE n.name IS NOT NULL),
borne AS (SELECT * FROM bearing SEMI JOIN weak USING (node)),
alone AS (
  SELECT node, any_value(entity) AS target, min(start) AS start, max(stop) AS stop FROM borne
  GROUP BY node HAVING count(DISTINCT entity) = 1),
shared AS (SELECT * FROM borne ANTI JOIN alone USING (node)),
cuts AS (SELECT node, start AS cut FROM shared UNION SELECT node, stop FROM shared),
pieces AS (SELECT node, cut AS start, lead(cut) OVER (PARTITION BY node ORDER BY cut) AS stop FROM cuts),
single AS (
  SELECT p.node, any_value(b.entity) AS target, p.start, p.stop FROM pieces p JOIN shared b
  ON b.node = p.node AND b.start <= p.start AND p.stop <= b.stop WHERE p.stop IS NOT NULL
  GROUP BY p.node, p.start, p.stop HAVING count(DISTINCT b.entity) = 1),
marked AS (
  SELECT *, start IS DISTINCT FROM lag(stop) OVER w OR target IS DISTINCT FROM lag(target) OVER w AS begins
  FROM single WINDOW w AS (PARTITION BY node ORDER BY start)),
runs AS (SELECT *, sum(begins::INTEGER) OVER (PARTITION BY node ORDER BY start) AS run FROM marked),
joined AS (
  SELECT node, target, min(start) AS start, max(stop) AS stop FROM runs GROUP BY node, run, target
  UNION ALL SELECT node, target, start, stop FROM alone)
SELECT node, target, '{BY_NAME}' AS role, nullif(start, -2147483648)::INTEGER AS valid_from,
  nullif(stop, 2147483647)::INTEGER AS valid_to FROM joined
"""
_NUMBERS = f"""
WITH {_STATED}
SELECT node, target, '{BY_NUMBER}', NULL::INTEGER, NULL::INTEGER FROM meant SEMI JOIN weak USING (node)
"""
_KEPT = """
SELECT DISTINCT m.* FROM ({found}) m
ANTI JOIN (SELECT one AS node, other AS target FROM apart UNION SELECT other, one FROM apart) USING (node, target)
ORDER BY node, valid_from NULLS FIRST
"""
_ORGANISATIONS = _KEPT.format(found=f"({_NAMES}) UNION ALL ({_NUMBERS})")
_PERSONS = _KEPT.format(found=_STAFF)


@dataclass(frozen=True, slots=True)
class OrganisationInputs:
    """What decides which organisation a name or number means; the tables have the schemas above."""

    weak: pa.Table
    names: pa.Table
    numbers: pa.Table
    apart: pa.Table


@dataclass(frozen=True, slots=True)
class PersonInputs:
    """What decides who a person known by name in one enterprise is; the tables have the schemas above."""

    weak: pa.Table
    staff: pa.Table
    moved: pa.Table
    apart: pa.Table


def same_organisations(inputs: OrganisationInputs) -> pa.Table:
    """MATCHES: for each weak organisation that the rules settle, which one it is, and when."""
    return _matches(_ORGANISATIONS, inputs)


def same_persons(inputs: PersonInputs) -> pa.Table:
    """MATCHES: for each person known by name whom the rules settle, who it is."""
    return _matches(_PERSONS, inputs)


def _matches(query: str, inputs: OrganisationInputs | PersonInputs) -> pa.Table:
    con: duckdb.DuckDBPyConnection = engine()
    for field in fields(inputs):
        con.register(field.name, getattr(inputs, field.name))
    found = arrow(con, query).cast(MATCHES)
    con.close()
    return found


def match_attrs(role: str) -> str | None:
    """Attributes of a derived SAME_AS fact."""
    return canonical_json({"reason": role, "class": "derived"})
