"""Which ids stand for the same entity, by the rules that need no officer. Pure: Arrow tables in, an Arrow table out.

- Inside one enterprise a person known by name is the one numbered person who bears that name there; with two, apart.
- An organisation known by name is the one registered enterprise that bore the name; while two bore it, open.
- An organisation known by registration number is the one that states this number beside its code.

Every engine gathers the inputs its own way and gets the same answer. Source of the rules: the public contract.
"""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from graph_service.domain.facts import canonical_json
from graph_service.store.base import schema
from graph_service.store.content import arrow, engine
from graph_service.text.normal import normalize_name_sql

RESOLUTION = "resolution"
IN_ENTERPRISE, BY_NAME, BY_NUMBER = "person_in_enterprise", "registered_name", "registration_number"

# node number and id of the weak ids to judge
WEAK = schema(("node", pa.int64()))
# numbered persons (`person`: node) of enterprises, the latter under the id they were loaded with; the person's name
STAFF = schema(("person", pa.int64()), ("enterprise", pa.string()), ("name", pa.string()))
# names that registered organisations bore; `is_former` names carry their own interval
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
  SELECT node_number('person-at:' || left(sha256(enterprise || '|' || {normalize_name_sql("name")}), 32)) AS node,
    person FROM staff WHERE name IS NOT NULL),
found AS (SELECT node, any_value(person) AS target FROM placed SEMI JOIN weak USING (node)
          GROUP BY node HAVING count(DISTINCT person) = 1)
SELECT node, target, '{IN_ENTERPRISE}' AS role, NULL::INTEGER AS valid_from, NULL::INTEGER AS valid_to FROM found
"""
# A current name is borne since the last former one ended. Where bearers overlap, the cuts between their ends are
# judged one by one, and only those with one bearer match.
_NAMES = f"""
WITH ended AS (SELECT entity, max(valid_to) AS day FROM names WHERE is_former GROUP BY entity),
bearing AS (
  SELECT DISTINCT node_number('name:' || left(sha256({normalize_name_sql("name")}), 32)) AS node, n.entity,
    coalesce(CASE WHEN is_former THEN n.valid_from ELSE ended.day END, -2147483648) AS start,
    coalesce(CASE WHEN is_former THEN n.valid_to END, 2147483647) AS stop
  FROM names n LEFT JOIN ended USING (entity) WHERE n.name IS NOT NULL),
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
WITH stated AS (SELECT node_number('regno:' || number) AS node, entity FROM numbers),
found AS (SELECT node, any_value(entity) AS target FROM stated SEMI JOIN weak USING (node)
          GROUP BY node HAVING count(DISTINCT entity) = 1)
SELECT node, target, '{BY_NUMBER}', NULL::INTEGER, NULL::INTEGER FROM found
"""
_ALL = f"""
SELECT m.* FROM (({_STAFF}) UNION ALL ({_NAMES}) UNION ALL ({_NUMBERS})) m
ANTI JOIN (SELECT one AS node, other AS target FROM apart UNION SELECT other, one FROM apart) USING (node, target)
ORDER BY node, valid_from NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class MatchInputs:
    """What the rules look at; the tables have the schemas above."""

    weak: pa.Table
    staff: pa.Table
    names: pa.Table
    numbers: pa.Table
    apart: pa.Table


def same_as(inputs: MatchInputs) -> pa.Table:
    """MATCHES: for each weak node that the rules settle, which entity it is, and when."""
    con: duckdb.DuckDBPyConnection = engine()
    for name in ("weak", "staff", "names", "numbers", "apart"):
        con.register(name, getattr(inputs, name))
    found = arrow(con, _ALL).cast(MATCHES)
    con.close()
    return found


def match_attrs(role: str) -> str | None:
    """Attributes of a derived SAME_AS fact."""
    return canonical_json({"reason": role, "class": "derived"})
