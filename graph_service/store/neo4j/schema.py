"""What the server holds: the ledger, which is the store, and what is drawn from it for people who ask in Cypher.

Ledger: `Fact` (one version of a fact), `Statement` (what a delivery said where several speak of one thing), `Delivery`,
`Moment` (a numbered change: the commit marker), `Source`, `Reject`, `Note`, `Name` and `Candidate` (search), `Unsettled`,
and `CreditGraph`, one node about the store itself. A fact is seen at the moment `t` when `recorded_from` <= t and
`recorded_to` is null or later; what is written for a moment that has no node yet is seen by nobody.
"""

import re

from graph_service.domain.entities import EntityKind
from graph_service.domain.errors import StoreError
from graph_service.store.neo4j.connection import LEAST_VERSION, Server

FORMAT = 1
LABELS = {str(kind): "".join(word.capitalize() for word in kind.split("_")) for kind in EntityKind}
# Columns of the embedded store and the properties that say the same here.
PROPERTIES = {
    "src": "source", "s": "subject", "key": "key", "rf": "recorded_from", "seg": "segment", "kind": "kind", "o": "object",
    "role": "role", "part": "part", "vf": "valid_from", "vt": "valid_to", "av": "available_from", "share": "share",
    "votes": "votes", "amount": "amount", "name": "name", "attrs": "attributes", "scope": "scope", "d": "delivery",
    "file": "file", "line": "line", "simple": "alone", "rt": "recorded_to", "alike": "alike",
}  # fmt: skip
SCHEMA = (
    "CREATE CONSTRAINT entity_number IF NOT EXISTS FOR (e:Entity) REQUIRE e.number IS UNIQUE",
    "CREATE CONSTRAINT moment_number IF NOT EXISTS FOR (m:Moment) REQUIRE m.number IS UNIQUE",
    "CREATE CONSTRAINT source_number IF NOT EXISTS FOR (s:Source) REQUIRE s.number IS UNIQUE",
    "CREATE CONSTRAINT delivery_number IF NOT EXISTS FOR (d:Delivery) REQUIRE d.number IS UNIQUE",
    *(f"CREATE INDEX {kind}_id IF NOT EXISTS FOR (e:{label}) ON (e.id)" for kind, label in LABELS.items()),
    (
        f"CREATE FULLTEXT INDEX entity_names IF NOT EXISTS FOR (e:{'|'.join(LABELS.values())}) "
        "ON EACH [e.name, e.former_names, e.text] OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}"
    ),
    "CREATE INDEX fact_subject IF NOT EXISTS FOR (f:Fact) ON (f.kind, f.subject, f.key)",
    "CREATE INDEX fact_object IF NOT EXISTS FOR (f:Fact) ON (f.object, f.kind)",
    "CREATE INDEX fact_scope IF NOT EXISTS FOR (f:Fact) ON (f.scope)",
    "CREATE INDEX fact_recorded IF NOT EXISTS FOR (f:Fact) ON (f.recorded_from)",
    "CREATE INDEX fact_closed IF NOT EXISTS FOR (f:Fact) ON (f.recorded_to)",
    "CREATE INDEX statement_key IF NOT EXISTS FOR (s:Statement) ON (s.subject, s.kind, s.key)",
    "CREATE INDEX statement_scope IF NOT EXISTS FOR (s:Statement) ON (s.scope)",
    "CREATE INDEX statement_delivery IF NOT EXISTS FOR (s:Statement) ON (s.delivery)",
    "CREATE INDEX reject_delivery IF NOT EXISTS FOR (r:Reject) ON (r.delivery)",
    "CREATE INDEX note_delivery IF NOT EXISTS FOR (r:Note) ON (r.delivery)",
    "CREATE INDEX name_norm IF NOT EXISTS FOR (n:Name) ON (n.closed, n.norm)",
    "CREATE INDEX name_pinyin IF NOT EXISTS FOR (n:Name) ON (n.closed, n.pinyin)",
    "CREATE INDEX name_initials IF NOT EXISTS FOR (n:Name) ON (n.closed, n.initials)",
    "CREATE INDEX name_entity IF NOT EXISTS FOR (n:Name) ON (n.number)",
    "CREATE INDEX candidate_entity IF NOT EXISTS FOR (c:Candidate) ON (c.number)",
    (
        "CREATE FULLTEXT INDEX name_parts IF NOT EXISTS FOR (n:Name) ON EACH [n.grams] "
        "OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}"
    ),
)
INDEXES = tuple(re.findall(r"(\w+) IF NOT EXISTS", " ".join(SCHEMA)))


def fact_map(columns: tuple[str, ...], row: str = "r") -> str:
    """`{source: r[0], subject: r[1], …}` for a list of columns."""
    return "{" + ", ".join(f"{PROPERTIES[c]}: {row}[{i}]" for i, c in enumerate(columns)) + "}"


def listed(columns: tuple[str, ...], node: str) -> str:
    """`f.source, f.subject, …` for a RETURN."""
    return ", ".join(f"{node}.{PROPERTIES[c]}" for c in columns)


def require_ours(server: Server) -> bool:
    """Whether the database holds a store of ours; False: it is empty. Raises StoreError for anything else."""
    rows = server.read(
        "OPTIONAL MATCH (c:CreditGraph) WITH c LIMIT 1 "
        "RETURN c.format, c.receiving, EXISTS { MATCH (n) WHERE NOT n:CreditGraph }"
    )
    found, is_receiving, others = rows[0]
    if is_receiving:
        raise StoreError(
            f"A move into the database at {server.url} is under way or was cut off; run the same move again, which begins anew."
        )
    if found is None and others:
        raise StoreError(
            f"The database at {server.url} holds a graph of another program; name an empty one, or another --store."
        )
    if found not in (None, FORMAT):
        raise StoreError(
            f"The store at {server.url} has format {found}, this program reads format {FORMAT}; use the matching version."
        )
    return found is not None


def prepare(server: Server) -> None:
    """Make the store in an empty database; where it stands, only what is broken of its indexes."""
    require_version(server)
    is_there = require_ours(server)
    if not is_there or broken(server):
        _make_schema(server)
    if is_there:
        return
    server.write(
        ("MERGE (c:CreditGraph) ON CREATE SET c.format = $format, c.uid = randomUUID()", {"format": FORMAT})
    )


def prepare_receiving(server: Server) -> None:
    """Make ready for a store that is moved here. Raises StoreError where one is already, or something else."""
    require_version(server)
    if not server.read("MATCH (c:CreditGraph {receiving: true}) RETURN 1"):
        if require_ours(server):
            raise StoreError(
                f"The database at {server.url} holds a store already; name an empty one to move to."
            )
        _make_schema(server)
    said = (
        "MERGE (c:CreditGraph) ON CREATE SET c.receiving = true, c.format = $format, c.uid = randomUUID() "
        "SET c.touched = timestamp()"
    )
    server.write((said, {"format": FORMAT}))


def broken(server: Server) -> list[str]:
    """Indexes that are missing, or failed as on a full disk: the server builds them anew only when it is told to."""
    found = dict(server.run("SHOW INDEXES YIELD name, state"))
    return [name for name in INDEXES if found.get(name, "FAILED") == "FAILED"]


def _make_schema(server: Server) -> None:
    for name in broken(server):
        server.run(f"DROP CONSTRAINT {name} IF EXISTS")
        server.run(f"DROP INDEX {name} IF EXISTS")
    for statement in SCHEMA:
        server.run(statement)
    server.run("CALL db.awaitIndexes(300)")


def require_version(server: Server) -> None:
    """Raises StoreError for a server that lacks what is needed."""
    rows = server.read(
        "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]"
    )
    version = str(rows[0][0])
    numbers = tuple(int(part) for part in version.split("-", maxsplit=1)[0].split(".")[:2])
    if numbers < LEAST_VERSION:
        wanted = ".".join(map(str, LEAST_VERSION))
        raise StoreError(
            f"The Neo4j server at {server.url} has version {version}, at least {wanted} is needed (tested: 5.26 LTS)."
        )
