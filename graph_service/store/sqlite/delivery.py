"""One delivery in one transaction."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.domain.entities import node_number
from graph_service.domain.errors import DeliveryRefused, EndsTooMuch
from graph_service.domain.facts import CONTENT_MODULUS
from graph_service.store.base import DeliveryHeader, FactCounts
from graph_service.store.content import Numberer
from graph_service.store.sqlite import moments, places
from graph_service.store.sqlite.background import Background
from graph_service.store.sqlite.kinds import KIND_NUMBERS, is_weak
from graph_service.store.sqlite.merge import INSERT_STATEMENT, Key, TimelineMerge, packed
from graph_service.store.sqlite.rows import CONTENT, STATED, tuples
from graph_service.store.sqlite.schema import FACT_COLUMNS, INSERT_FACT

MOST_ENDED = 0.20
ALL_UNSETTLED = 0
MANY = 200_000
_INCOMING = ("s", "key", *STATED, "file", "line", "h0", "h1", "h2", "h3")
_FROM_ARROW = (
    "s", "key", "kind", "o", "role", "part", "valid_from", "valid_to", "available_from", "share", "votes", "amount",
    "name", "attrs", "scope_number", "file", "line",
)  # fmt: skip
# The plus keeps the index on objects out of a comparison that is null for half of the rows.
_SAME = " AND ".join(f"+f.{c} IS i.{c}" for c in (*CONTENT, "scope"))
_LIMBS = 4
# An entity that is there already stays; two ids of one number would be taken for one, which the null refuses.
_INSERT_NODE = (
    "INSERT INTO node VALUES (?, ?, ?, ?, ?) ON CONFLICT (n) DO UPDATE SET id = NULL WHERE id <> excluded.id"
)


def today() -> int:
    """Day in Asia/Shanghai, from 1970-01-01."""
    return (datetime.now(UTC) + timedelta(hours=8)).date().toordinal() - 719163


class SqliteDelivery:
    """Writes one delivery; the writer opens and ends its transaction."""

    def __init__(self, db: sqlite3.Connection, header: DeliveryHeader) -> None:
        self._db, self._header = db, header
        self._t = moments.next_number(db)
        self._src = _source_number(db, header)
        self._fresh = not _has_spoken(db, self._src)
        self._d = self._insert_delivery()
        self._numberer = Numberer(header.source.name)
        self._added = 0
        self.is_committed = False
        self._background = Background()
        self._delta = 0
        self._alone = "1"
        if not self._fresh:
            places.keep_indexes(db)
            self._alone = "i.scope IS NULL" if self._are_lists_late() else "1"
            _create_incoming(db)

    def entities(self, table: pa.Table) -> None:
        """Nodes that are not there yet."""
        if table.num_rows:
            rows = self._numberer.new_entities(table)
            self._background.run(self._write_entities, rows)

    def facts(self, table: pa.Table) -> None:
        """Number the rows; write them at once where the source speaks for the first time."""
        if table.num_rows:
            rows = self._numberer.first_of_keys(table)
            kinds = [int(k.as_py()) for k in table.column("kind").unique()]
            self._background.run(self._note_kinds, kinds)
            if self._fresh:
                empty = pc.field("valid_to") <= pc.field("valid_from")
                self._background.run(self._state_empty, rows.filter(empty))
                rows = rows.filter(~empty | empty.is_null())
            self._background.run(self._write_fresh if self._fresh else self._stage, rows)
            if self._fresh:
                self._added += rows.num_rows
                self._delta = (self._delta + self._numberer.total(rows)) % CONTENT_MODULUS

    def rejects(self, table: pa.Table) -> None:
        """Keep rejected rows."""
        self._background.run(self._keep, "reject", table)

    def notes(self, table: pa.Table) -> None:
        """Keep notes."""
        self._background.run(self._keep, "note", table)

    def scopes(self, covered: Sequence[str], protected: pa.Table) -> None:
        """What the list covers completely, less what rejected rows leave in doubt."""
        pairs = list(tuples(protected, ("scope", "entity")))
        kept = {(node_number(s), None if e is None else node_number(e)) for s, e in pairs if s is not None}
        in_doubt = any(s is None for s, _ in pairs)
        numbers = np.array([] if in_doubt else [node_number(s) for s in covered], dtype=np.int64)
        text = ",".join(f"{s}:{'' if e is None else e}" for s, e in sorted(kept, key=str))
        self._background.run(self._keep_scopes, packed(numbers), text)

    def apply(self, allow_ending: bool = False) -> FactCounts:
        """Work out what changes; afterwards only `commit` is missing. Raises EndsTooMuch."""
        self._background.finish()
        self._numberer.close()
        if self._fresh:
            self._leave_unsettled()
            return FactCounts(added=self._added)
        return self._merge(allow_ending)

    def commit(self, report: str) -> str:
        """Record the moment; the writer then commits. `@content@` in the report stands for the content's digits."""
        content = moments.record(self._db, f"load {self._header.batch}", self._delta)
        self._db.execute(
            "UPDATE delivery SET t = ?, report = ? WHERE d = ?",
            (self._t, report.replace("@content@", content), self._d),
        )
        self.is_committed = True
        return content

    def stop(self) -> None:
        """Let go of the writing thread; nothing is written after this."""
        self._background.stop()

    def _insert_delivery(self) -> int:
        h = self._header
        cursor = self._db.execute(
            "INSERT INTO delivery (batch, src, mode, date, day, files, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (h.batch, self._src, h.mode, h.date, today() if h.date is None else h.date, "\x1f".join(h.files),
             h.content_sha256),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def _are_lists_late(self) -> bool:
        """Whether a complete list of the same or a later day stands, which may leave out what is stated here."""
        return self._has_other("mode = 'snapshot' AND day >= ?3")

    def _has_other(self, condition: str) -> bool:
        day = self._db.execute("SELECT day FROM delivery WHERE d = ?", (self._d,)).fetchone()[0]
        found = self._db.execute(
            f"SELECT 1 FROM delivery WHERE src = ?1 AND d <> ?2 AND withdrawn IS NULL AND {condition} LIMIT 1",
            (self._src, self._d, day),
        )
        return found.fetchone() is not None

    def _note_kinds(self, kinds: Sequence[int]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO spoken VALUES (?, ?)", ((self._src, kind) for kind in kinds)
        )

    def _keep_scopes(self, covered: bytes, protected: str) -> None:
        sql = "UPDATE delivery SET covered = ?, protected = ? WHERE d = ?"
        self._db.execute(sql, (covered, protected, self._d))

    def _write_entities(self, rows: pa.Table) -> None:
        values = (
            (n, id_, KIND_NUMBERS[kind], is_weak(id_), label)
            for n, id_, kind, label in tuples(rows, ("n", "id", "kind", "label"))
        )
        try:
            self._db.executemany(_INSERT_NODE, values)
        except sqlite3.IntegrityError as error:
            raise DeliveryRefused(
                f"{', '.join(self._header.files)} names an entity whose number in the store is another entity's; "
                "nothing of it was loaded, load the rest without it and report it."
            ) from error

    def _write_fresh(self, rows: pa.Table) -> None:
        src, t, d = self._src, self._t, self._d
        self._db.executemany(
            INSERT_FACT,
            (
                (src, s, key, t, 0, *stated, d, file, line, 1)
                for s, key, *stated, file, line in tuples(rows, _FROM_ARROW)
            ),
        )

    def _state_empty(self, rows: pa.Table) -> None:
        """What is said to hold on no day is kept as said, and is no fact."""
        src, d = self._src, self._d
        self._db.executemany(
            INSERT_STATEMENT,
            (
                (src, s, key, d, file, line, *stated)
                for s, key, *stated, file, line in tuples(rows, _FROM_ARROW)
            ),
        )

    def _leave_unsettled(self) -> None:
        """Which nodes to settle; beyond a point, all."""
        if self._added > MANY:
            self._db.execute("INSERT OR IGNORE INTO unsettled VALUES (?)", (ALL_UNSETTLED,))
            return
        for end in ("s", "o"):
            self._db.execute(
                f"INSERT OR IGNORE INTO unsettled SELECT {end} FROM fact WHERE src = ? AND d = ? AND {end} IS NOT NULL",
                (self._src, self._d),
            )

    def _stage(self, rows: pa.Table) -> None:
        """Into a temporary table, with the content's number as four limbs that SQLite can sum."""
        mask = 0xFFFFFFFF
        values = (
            (*row[:-2], row[-2] >> 32, row[-2] & mask, row[-1] >> 32, row[-1] & mask)
            for row in tuples(rows, (*_FROM_ARROW, "hi", "lo"))
        )
        self._db.executemany(
            f"INSERT OR IGNORE INTO incoming VALUES ({', '.join('?' * len(_INCOMING))})", values
        )

    def _keep(self, kind: str, table: pa.Table) -> None:
        rows = tuples(table, ("file", "line", "raw", "code", "column", "message"))
        self._db.executemany(
            f"INSERT INTO {kind} VALUES (?, ?, ?, ?, ?, ?, ?)", ((self._d, *row) for row in rows)
        )

    def _merge(self, allow_ending: bool) -> FactCounts:
        db, src, t, d = self._db, self._src, self._t, self._d
        merge = TimelineMerge(db, src, t)
        absent = self._absent(merge, allow_ending)
        unchanged = self._confirm_unchanged()
        added = self._insert_new()
        beside = places.beside_incoming(db, src)
        rest = [(row[0], row[1], row[2]) for row in db.execute("SELECT kind, s, key FROM incoming")]
        db.execute(
            f"INSERT INTO statement (src, s, key, d, file, line, alike, {', '.join(STATED)}) "
            f"SELECT ?, s, key, ?, file, line, 0, {', '.join(STATED)} FROM incoming",
            (src, d),
        )
        counts = merge.rework(rest)
        ended = merge.rework([*absent, *beside])
        db.executemany("INSERT OR IGNORE INTO unsettled VALUES (?)", ((n,) for n in sorted(merge.touched)))
        db.execute("DELETE FROM incoming")
        self._delta = (self._delta + merge.delta) % CONTENT_MODULUS
        return FactCounts(
            added + counts.added,
            counts.changed,
            counts.closed + ended.closed + ended.changed,
            unchanged + counts.unchanged,
        )

    def _confirm_unchanged(self) -> int:
        """Rows that repeat what stands alone: one more statement each, nothing else."""
        db, src, d = self._db, self._src, self._d
        db.execute("DELETE FROM alike")
        db.execute(
            "INSERT INTO alike SELECT i.kind, i.s, i.key FROM incoming i CROSS JOIN fact f ON f.src = ? AND f.kind = i.kind "
            f"AND f.s = i.s AND f.key = i.key AND f.rt IS NULL AND f.simple = 1 AND {_SAME} WHERE {self._alone}",
            (src,),
        )
        db.execute(
            "INSERT INTO statement (src, kind, s, key, d, file, line, alike) "
            "SELECT ?, kind, s, key, ?, file, line, 1 FROM incoming JOIN alike USING (kind, s, key)",
            (src, d),
        )
        return self._drop_staged()

    def _insert_new(self) -> int:
        """Rows about which nothing stands: facts as they are stated."""
        db, src, d, t = self._db, self._src, self._d, self._t
        db.execute("DELETE FROM alike")
        db.execute(
            "INSERT INTO alike SELECT i.kind, i.s, i.key FROM incoming i "
            "WHERE NOT EXISTS (SELECT 1 FROM fact f WHERE f.src = ?1 AND f.kind = i.kind AND f.s = i.s "
            "AND f.key = i.key AND f.rt IS NULL) "
            "AND NOT EXISTS (SELECT 1 FROM statement st JOIN delivery USING (d) WHERE st.src = ?1 "
            "AND st.kind = i.kind AND st.s = i.s AND st.key = i.key AND delivery.withdrawn IS NULL) "
            f"AND {self._alone} AND {places.NOTHING_BESIDE} AND (i.vf IS NULL OR i.vt IS NULL OR i.vf < i.vt)",
            (src,),
        )
        kept = [c for c in FACT_COLUMNS if c not in {"src", "rf", "seg", "d", "simple"}]
        db.execute(
            f"INSERT INTO fact (src, rf, seg, d, simple, {', '.join(kept)}) "
            f"SELECT ?, ?, 0, ?, 1, {', '.join(kept)} FROM incoming "
            "JOIN alike USING (kind, s, key) ORDER BY kind, s, key",
            (src, t, d),
        )
        sums = db.execute(
            "SELECT sum(h0), sum(h1), sum(h2), sum(h3) FROM incoming JOIN alike USING (kind, s, key)"
        ).fetchone()
        self._delta += sum((limb or 0) << (32 * (_LIMBS - 1 - i)) for i, limb in enumerate(sums))
        for end in ("s", "o"):
            db.execute(
                f"INSERT OR IGNORE INTO unsettled SELECT {end} FROM incoming JOIN alike USING (kind, s, key) "
                f"WHERE {end} IS NOT NULL"
            )
        return self._drop_staged()

    def _drop_staged(self) -> int:
        done = self._db.execute(
            "DELETE FROM incoming WHERE (kind, s, key) IN (SELECT kind, s, key FROM alike)"
        ).rowcount
        self._db.execute("DELETE FROM alike")
        return done

    def _absent(self, merge: TimelineMerge, allow_ending: bool) -> list[Key]:
        """Keys inside the covered scopes that a complete list no longer has."""
        mine = merge.spoken(self._d)
        if not mine.snapshot or mine.covered is None:
            return []
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS covered (scope INTEGER PRIMARY KEY)")
        self._db.execute("DELETE FROM covered")
        self._db.executemany("INSERT INTO covered VALUES (?)", ((int(n),) for n in mine.covered))
        # Where others speak of later days, what ended before may have to begin again after this list.
        ends_later = "" if self._has_other("day > ?3") else "AND coalesce(f.vt, ?2 + 1) > ?2"
        rows = self._db.execute(
            "SELECT f.s, f.key, f.scope, f.o, i.key IS NOT NULL, coalesce(f.vf, ?2 - 1) < ?2 AND coalesce(f.vt, ?2 + 1) > ?2, f.kind "
            "FROM fact f JOIN covered c ON c.scope = f.scope "
            "LEFT JOIN incoming i ON i.kind = f.kind AND i.s = f.s AND i.key = f.key "
            f"WHERE f.src = ?1 AND f.rt IS NULL {ends_later}",
            (self._src, mine.day),
        ).fetchall()
        missing = [row for row in rows if not row[4] and not mine.protects(row[2], row[0], row[3])]
        ended, standing = sum(row[5] for row in missing), sum(row[5] for row in rows)
        if ended > MOST_ENDED * standing and not allow_ending:
            raise EndsTooMuch(
                f"{', '.join(self._header.files)} would end {ended} of the {standing} facts in its scope, more "
                f"than {MOST_ENDED:.0%}; if the list is really complete, load it with --allow-ending."
            )
        return sorted({(row[6], row[0], row[1]) for row in missing})


def _source_number(db: sqlite3.Connection, header: DeliveryHeader) -> int:
    source = header.source
    corrects = ",".join(str(int(kind)) for kind in source.corrects)
    db.execute(
        "INSERT INTO source (name, rank, corrects, department) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT (name) DO UPDATE SET rank = ?2, corrects = ?3, department = ?4",
        (source.name, source.rank, corrects, source.department),
    )
    return int(db.execute("SELECT src FROM source WHERE name = ?", (source.name,)).fetchone()[0])


def _has_spoken(db: sqlite3.Connection, src: int) -> bool:
    return db.execute("SELECT 1 FROM delivery WHERE src = ? LIMIT 1", (src,)).fetchone() is not None


def _create_incoming(db: sqlite3.Connection) -> None:
    names = ", ".join(_INCOMING)
    db.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS incoming ({names}, PRIMARY KEY (kind, s, key)) WITHOUT ROWID"
    )
    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS alike (kind, s, key, PRIMARY KEY (kind, s, key)) WITHOUT ROWID"
    )
    db.execute("DELETE FROM incoming")
