"""What the embedded store reads of one moment."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyarrow as pa

from graph_service.domain.facts import Fact, FactKind
from graph_service.store.base import Profile
from graph_service.store.identity import Identity, Reach
from graph_service.store.sqlite import bulk, moments
from graph_service.store.sqlite.candidates import candidate_pairs
from graph_service.store.sqlite.every_profile import Reading, every_profile
from graph_service.store.sqlite.kinds import KIND_NAMES
from graph_service.store.sqlite.names import ALIAS, FORMER, NAME, NUMBER
from graph_service.store.sqlite.rows import READ, FactReader, columns
from graph_service.store.sqlite.search import NameSearch
from graph_service.store.view import SAYING, FactView, NameHit

_SEEN = "f.rf <= :t AND (f.rt IS NULL OR f.rt > :t)"
_EVER = "f.rf <= :t"
_BY = "spoken CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind"
_SAME = int(FactKind.SAME_AS)
_TARGETS = """
SELECT o, vf, vt FROM fact WHERE src = ? AND kind = ? AND s = ? AND rf <= ? AND (rt IS NULL OR rt > ?)
ORDER BY vf NULLS FIRST, key
"""


class SqliteRows:
    """Rows of one moment of one file."""

    def __init__(self, db: sqlite3.Connection, known_at: int | None) -> None:
        self._db = db
        self._t, recorded, _ = moments.at(db, known_at)
        self.known_at = recorded if known_at is None else known_at
        self.ranks: Mapping[str, int] = dict(db.execute("SELECT name, rank FROM source"))
        self._reader = FactReader(db)
        found = db.execute("SELECT src FROM source WHERE name IN ('officer', 'resolution') ORDER BY rank")
        self._deciding = [src for (src,) in found]

    def entity(self, node: int) -> tuple[str, str, str | None] | None:
        """Id, kind and label of a node."""
        row = self._db.execute("SELECT id, kind, label FROM node WHERE n = ?", (node,)).fetchone()
        return None if row is None else (row[0], KIND_NAMES[row[1]], row[2])

    def id_of(self, node: int) -> str:
        """Id of a node that is there."""
        return self._reader.id_of(node)

    def targets(self, node: int) -> list[Reach]:
        """Where SAME_AS leads from a node, an officer's word first."""
        at = (_SAME, node, self._t, self._t)
        return [row for src in self._deciding for row in self._db.execute(_TARGETS, (src, *at))]

    def meaning(self, node: int) -> list[int]:
        """The nodes from which SAME_AS leads to this one."""
        rows = self._db.execute(
            "SELECT DISTINCT s FROM fact WHERE o = ? AND kind = ? AND rf <= ? AND (rt IS NULL OR rt > ?)",
            (node, _SAME, self._t, self._t),
        )
        return [s for (s,) in rows]

    def out_of(self, node: int, kinds: Sequence[FactKind], *, ever: bool = False) -> list[Fact]:
        """Facts with this subject."""
        wanted = f"{_EVER if ever else _SEEN} AND spoken.{_among(kinds)}"
        return self._facts(f"SELECT {columns(READ)} FROM {_BY} AND f.s = :n WHERE {wanted}", node)

    def into(self, node: int, kinds: Sequence[FactKind], *, ever: bool = False) -> list[Fact]:
        """Facts with this object."""
        wanted = f"{_EVER if ever else _SEEN} AND f.{_among(kinds)}"
        return self._facts(f"SELECT {columns(READ)} FROM fact f WHERE f.o = :n AND {wanted}", node)

    def is_named(self, node: int) -> bool:
        """Whether a visible fact names the node."""
        at = {"n": node, "t": self._t}
        if self._db.execute("SELECT 1 FROM node WHERE n = ?", (node,)).fetchone() is None:
            return False
        one = f"SELECT 1 FROM {_BY} AND f.s = :n WHERE {_SEEN} LIMIT 1"
        other = f"SELECT 1 FROM fact f WHERE f.o = :n AND {_SEEN} LIMIT 1"
        return any(self._db.execute(sql, at).fetchone() for sql in (one, other))

    def bearers(self, norm: str) -> list[int]:
        """Nodes that bear a normalised name or number."""
        types = ", ".join(map(str, (NAME, FORMER, ALIAS, NUMBER)))
        sql = f"SELECT DISTINCT n FROM name WHERE closed IN (0, 1) AND norm = ? AND type IN ({types}) LIMIT 1000"
        with self._one_look() as is_latest:
            found = [n for (n,) in self._db.execute(sql, (norm,))]
            return found if is_latest else [n for n in found if self.is_named(n)]

    def hits(self, text: str) -> Iterator[NameHit]:
        """What the index of names finds."""
        with self._one_look() as is_latest:
            for found in NameSearch(self._db).hits(text):
                if is_latest or self.is_named(found.node):
                    yield found

    def stated_by(self, sources: Sequence[str], kinds: Sequence[FactKind]) -> list[Fact]:
        """Visible facts of some sources."""
        names = ", ".join(f"'{name}'" for name in sources)
        rows = self._db.execute(
            f"SELECT {columns(READ)} FROM {_BY} JOIN source ON source.src = f.src "
            f"WHERE source.name IN ({names}) AND {_SEEN} AND f.{_among(kinds)}", {"t": self._t}
        )  # fmt: skip
        return [self._reader.fact(row) for row in rows]

    def candidates(self, identity: Identity) -> list[tuple[str, str, str]]:
        """Pairs that may be the same person, not merged: (id, id, reason)."""
        return candidate_pairs(self._db, self._reader, identity)

    def with_evidence(self, fact: Fact) -> Fact:
        """The fact with every delivery that asserts it at this moment."""
        return bulk.with_evidence(self._db, self._t, fact)

    def every_profile(self, identity: Identity, as_of: int) -> Iterator[Profile]:
        """All profiles by canonical id, ascending by node, streamed."""
        with self._one_look() as is_latest:
            there = bulk.named(self._db, self._t, is_latest)

        def said_of(node: int) -> list[Fact]:
            return self.out_of(node, SAYING)

        reading = Reading(self._db, self._t, as_of, there, FactReader(self._db), identity, said_of)
        return every_profile(reading, self.ranks)

    def nodes(self) -> pa.Table:
        """NODES_SCHEMA, sorted by node."""
        with self._one_look() as is_latest:
            return bulk.nodes(self._db, self._t, is_latest)

    def relation_table(self) -> pa.Table:
        """RELATIONS_SCHEMA."""
        with self._one_look() as is_latest:
            return bulk.relations(self._db, self._t, is_latest)

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        """STATEMENTS_SCHEMA."""
        return bulk.statements(self._db, self._t, kinds)

    def all_facts(self, kinds: Sequence[FactKind]) -> Iterator[Fact]:
        """Every visible fact of these kinds, streamed."""
        sql = f"SELECT {columns(READ)} FROM {_BY} WHERE {_SEEN} AND f.{_among(kinds)}"
        for row in self._db.execute(sql, {"t": self._t}):
            yield self._reader.fact(row)

    def _facts(self, sql: str, node: int) -> list[Fact]:
        return [self._reader.fact(row) for row in self._db.execute(sql, {"n": node, "t": self._t})]

    @contextmanager
    def _one_look(self) -> Iterator[bool]:
        """While it lasts no commit of others is seen; whether this moment is the last one recorded.

        A view outlives commits: what is true of the last moment only must be asked anew, in the same transaction.
        """
        self._db.execute("BEGIN")
        try:
            yield self._t == moments.last(self._db)[0]
        finally:
            self._db.execute("ROLLBACK")


def sqlite_view(db: sqlite3.Connection, as_of: int, known_at: int | None) -> FactView:
    """The graph as of a day and as known at a moment."""
    return FactView(SqliteRows(db, known_at), as_of)


def _among(kinds: Sequence[FactKind]) -> str:
    return f"kind IN ({', '.join(str(int(k)) for k in kinds)})"
