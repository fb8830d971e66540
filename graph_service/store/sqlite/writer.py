"""The one writer: deliveries, withdrawals, officers' decisions; each a transaction."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from graph_service.domain.entities import node_number
from graph_service.domain.errors import BatchConflict, UnknownBatch
from graph_service.domain.facts import CONTENT_MODULUS, Fact, content_number
from graph_service.domain.identifiers import entity_kind_of
from graph_service.store.base import DeliveryHeader, FactCounts
from graph_service.store.content import key_number
from graph_service.store.sqlite import moments, places
from graph_service.store.sqlite.connection import said
from graph_service.store.sqlite.delivery import SqliteDelivery
from graph_service.store.sqlite.kinds import KIND_NUMBERS, is_weak
from graph_service.store.sqlite.merge import Key, TimelineMerge
from graph_service.store.sqlite.rows import READ, FactReader, columns
from graph_service.store.sqlite.schema import INSERT_FACT
from graph_service.store.sqlite.settle import settle

OFFICER = "officer"


class SqliteWriter:
    """Writes to one file. Obtained from the store; every method is all or nothing."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db, self._path = db, path

    @contextmanager
    def delivery(self, header: DeliveryHeader) -> Iterator[SqliteDelivery]:
        """Begin a delivery; what is not committed when the block ends is undone."""
        with said(self._path), self._transaction() as db:
            self._refuse_conflict(header)
            delivery = SqliteDelivery(db, header)
            committed = False
            try:
                yield delivery
                committed = delivery.is_committed
            finally:
                delivery.stop()
                if not committed and db.in_transaction:
                    db.execute("ROLLBACK")

    def withdraw(self, batch: str) -> FactCounts:
        """Close the delivery's assertions; what only it said is closed, what it ended stands again."""
        with said(self._path), self._transaction() as db:
            d, src, is_list = self._standing(batch)
            t = moments.next_number(db)
            delta, closed = self._close_alone(src, d, t)
            keys = self._spoken_keys(src, d, is_list)
            db.execute("UPDATE delivery SET withdrawn = ? WHERE d = ?", (t, d))
            merge = TimelineMerge(db, src, t)
            counts = merge.rework(keys)
            db.executemany(
                "INSERT OR IGNORE INTO unsettled VALUES (?)", ((n,) for n in sorted(merge.touched))
            )
            moments.record(db, f"withdraw {batch}", delta + merge.delta)
            return FactCounts(counts.added, counts.changed, counts.closed + closed, counts.unchanged)

    def decide(self, facts: Sequence[Fact], end: Sequence[Fact] = ()) -> FactCounts:
        """State or end an officer's facts. A repeated statement of the same key replaces the earlier one."""
        with said(self._path), self._transaction() as db:
            t = moments.next_number(db)
            src = _officer_source(db)
            delta = closed = 0
            db.executemany("INSERT OR IGNORE INTO node VALUES (?, ?, ?, ?, NULL)", entities_of(facts))
            for fact in (*facts, *end):
                change = _close_officer(db, src, fact, t)
                closed += change != 0
                delta -= change
            for fact in facts:
                _write_officer(db, src, fact, t)
                delta += content_number(fact)
            touched = {node_number(i) for f in (*facts, *end) for i in (f.subject, f.object) if i}
            db.executemany("INSERT OR IGNORE INTO unsettled VALUES (?)", ((n,) for n in sorted(touched)))
            moments.record(db, "decision", delta)
            return FactCounts(added=len(facts), closed=closed)

    def settle(self) -> None:
        """Matches, names and indexes of what was touched, in one transaction."""
        with said(self._path):
            settle(self._db)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """BEGIN IMMEDIATE … COMMIT; a failure undoes all. Inside, a block may have rolled back itself."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            if self._db.in_transaction:
                self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def _refuse_conflict(self, header: DeliveryHeader) -> None:
        found = self._db.execute(
            "SELECT sha256 FROM delivery WHERE batch = ? AND withdrawn IS NULL", (header.batch,)
        ).fetchone()
        if found and found[0] != header.content_sha256:
            raise BatchConflict(
                f"Batch {header.batch} was loaded before with other content; choose another --batch or withdraw it."
            )
        if found:
            raise BatchConflict(f"Batch {header.batch} is loaded already.")

    def _standing(self, batch: str) -> tuple[int, int, bool]:
        found = self._db.execute(
            "SELECT d, src, mode = 'snapshot' FROM delivery WHERE batch = ? AND withdrawn IS NULL", (batch,)
        ).fetchone()
        if not found:
            raise UnknownBatch(f"No delivery with the key {batch} stands; `credit-graph batches` lists them.")
        return found[0], found[1], bool(found[2])

    def _close_alone(self, src: int, d: int, t: int) -> tuple[int, int]:
        """Facts that this delivery alone states, alike: closed in one sweep. Returns change of content, count."""
        db = self._db
        db.execute(
            "CREATE TEMP TABLE IF NOT EXISTS alike (kind, s, key, PRIMARY KEY (kind, s, key)) WITHOUT ROWID"
        )
        db.execute("DELETE FROM alike")
        db.execute(
            "INSERT INTO alike SELECT f.kind, f.s, f.key FROM fact f WHERE f.src = ?1 AND f.d = ?2 AND f.simple = 1 "
            "AND f.rt IS NULL AND NOT EXISTS (SELECT 1 FROM statement st WHERE st.src = ?1 AND st.kind = f.kind "
            "AND st.s = f.s AND st.key = f.key AND st.d <> ?2)",
            (src, d),
        )
        rows = f"FROM fact f JOIN alike USING (kind, s, key) WHERE f.src = {src} AND f.rt IS NULL"
        reader, delta = FactReader(db), 0
        for row in db.execute(f"SELECT {columns(READ)} {rows}"):
            delta -= content_number(reader.fact(row, evidence=False))
        for end in ("s", "o"):
            db.execute(f"INSERT OR IGNORE INTO unsettled SELECT f.{end} {rows} AND f.{end} IS NOT NULL")
        closed = db.execute(
            "UPDATE fact SET rt = ? WHERE src = ? AND rt IS NULL "
            "AND (kind, s, key) IN (SELECT kind, s, key FROM alike)",
            (t, src),
        ).rowcount
        return delta % CONTENT_MODULUS, closed

    def _spoken_keys(self, src: int, d: int, is_list: bool) -> list[Key]:
        """Keys whose answer may change without this delivery."""
        stated = "SELECT kind, s, key FROM statement WHERE src = ?1 AND d = ?2"
        shared = "SELECT kind, s, key FROM fact WHERE src = ?1 AND d = ?2 AND rt IS NULL"
        ended = "SELECT kind, s, key FROM statement WHERE src = ?1 AND scope IS NOT NULL"
        places.keep_indexes(self._db)
        parts = [stated, shared, places.BESIDE_DELIVERY, *([ended] if is_list else [])]
        return [(kind, s, key) for kind, s, key in self._db.execute(" UNION ".join(parts), (src, d))]


def entities_of(facts: Sequence[Fact]) -> list[tuple[int, str, int, int]]:
    """Number, id, kind and weakness of what facts name: a decision may outlive what introduced its entities."""
    ids = dict.fromkeys(e for f in facts for e in (f.subject, f.object) if e)
    return [(node_number(e), e, KIND_NUMBERS[str(entity_kind_of(e))], is_weak(e)) for e in ids]


def _officer_source(db: sqlite3.Connection) -> int:
    db.execute("INSERT OR IGNORE INTO source (name, rank, corrects) VALUES (?, 0, '')", (OFFICER,))
    return int(db.execute("SELECT src FROM source WHERE name = ?", (OFFICER,)).fetchone()[0])


def _decisions_delivery(db: sqlite3.Connection, src: int) -> int:
    """Decisions belong to one standing delivery of their own, made with the first."""
    found = db.execute("SELECT d FROM delivery WHERE src = ?", (src,)).fetchone()
    if found:
        return int(found[0])
    cursor = db.execute(
        "INSERT INTO delivery (batch, src, mode, day, files, sha256) VALUES (?, ?, 'delta', 0, ?, '0')",
        (OFFICER, src, OFFICER),
    )
    return int(cursor.lastrowid or 0)


def _close_officer(db: sqlite3.Connection, src: int, fact: Fact, t: int) -> int:
    """Close the open decision about the same key; returns the number of its content, 0 when there is none."""
    where = (src, int(fact.kind), node_number(fact.subject), key_number(fact))
    row = db.execute(
        f"SELECT {columns(READ)} FROM fact f WHERE f.src = ? AND f.kind = ? AND f.s = ? AND f.key = ? AND f.rt IS NULL",
        where,
    ).fetchone()
    if row is None:
        return 0
    db.execute(
        "UPDATE fact SET rt = ? WHERE src = ? AND kind = ? AND s = ? AND key = ? AND rt IS NULL", (t, *where)
    )
    return content_number(FactReader(db).fact(row, evidence=False))


def _write_officer(db: sqlite3.Connection, src: int, fact: Fact, t: int) -> None:
    d = _decisions_delivery(db, src)
    db.execute("INSERT OR IGNORE INTO spoken VALUES (?, ?)", (src, int(fact.kind)))
    s = node_number(fact.subject)
    o = None if fact.object is None else node_number(fact.object)
    content = (int(fact.kind), o, fact.role, fact.part, fact.valid_from, fact.valid_to, fact.available_from,
               fact.share, fact.votes, fact.amount, fact.name, fact.attrs)  # fmt: skip
    db.execute(INSERT_FACT, (src, s, key_number(fact), t, 0, *content, None, d, 0, 0, 0))
