"""What the matching rules look at, around the nodes that deliveries touched."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from graph_service.domain.entities import node_number
from graph_service.domain.identifiers import name_id, person_at_id, regno_id
from graph_service.store.matching import (
    APART,
    MOVED,
    NAMES,
    NUMBERS,
    STAFF,
    WEAK,
    OrganisationInputs,
    PersonInputs,
)
from graph_service.store.sqlite.names import BY_NUMBER
from graph_service.store.sqlite.nearby import (
    ALIAS,
    DISTINCT,
    EVERYWHERE,
    NEARBY,
    PERSON,
    PROFILE,
    STAFF_KINDS,
    Partial,
    arrow_rows,
    arrow_table,
    named_by_facts,
    near,
    same_as_around,
    some,
)
from graph_service.text.normal import normalize_name

# {near} narrows facts to some subjects; `names` says the same over a whole store. The best-ranked source that names an entity names it.
NAMED = f"""
SELECT s, name, vf, vt, is_former FROM (
  SELECT f.s, f.name, f.vf, f.vt, f.kind = {ALIAS} OR f.vt IS NOT NULL AS is_former,
    source.rank, min(CASE WHEN f.kind = {PROFILE} THEN source.rank END) OVER (PARTITION BY f.s) AS best, f.kind AS kind
  FROM {{near}} WHERE f.rt IS NULL AND f.name IS NOT NULL
    AND spoken.kind IN ({PROFILE}, {ALIAS}) AND (f.kind = {PROFILE} OR f.role = 'former_name'))
WHERE kind = {ALIAS} OR rank = best
"""
_OFFICER = "officer"
_MOST_STEPS = 8


class Around:
    """Gathers around some touched nodes."""

    def __init__(self, db: sqlite3.Connection, touched: Sequence[int]) -> None:
        self._db, self._touched = db, set(touched)
        self._enterprises = self._touched_enterprises()
        texts = self._texts(self._enterprises)
        stated = {node_number(regno_id(name)) for name, role in texts if role == "regno"}
        self._norms = {normalize_name(name) for name, _ in (*texts, *self._texts(stated))}
        ids = {name_id(norm) for norm in self._norms}
        could_be = self._enterprises | stated | {node_number(i) for i in ids}
        self.weak_organisations = some(db, could_be, f"kind <> {PERSON} AND weak = 1")

    def organisations(self) -> OrganisationInputs:
        """Names and numbers of all who could be meant by the weak organisations."""
        db = self._db
        bearers = self._enterprises | self._called(self._norms)
        bearers |= self._called(self._numbers(bearers | self.weak_organisations))
        near(db, some(db, bearers, f"kind <> {PERSON} AND (weak = 0 OR {BY_NUMBER})"))
        names = db.execute(NAMED.format(near=NEARBY)).fetchall()
        stated = db.execute(numbers(NEARBY)).fetchall()
        weak = named_by_facts(db, self.weak_organisations)
        return OrganisationInputs(
            arrow_rows(((n,) for n in sorted(weak)), WEAK),
            arrow_rows(names, NAMES),
            arrow_rows(stated, NUMBERS),
            arrow_table(apart(db), APART),
        )

    def persons(self, targets: Iterable[int]) -> tuple[set[int], PersonInputs]:
        """Persons of the enterprises, under every id that these have; first the nodes to judge."""
        db = self._db
        enterprises, moves = same_as_around(
            db, self._enterprises | self.weak_organisations | set(targets) | self._of_namesakes()
        )
        near(db, some(db, enterprises, f"kind <> {PERSON}"))
        people = db.execute(
            "SELECT DISTINCT f.s, p.weak, e.id FROM near CROSS JOIN fact f ON f.o = near.n "
            f"AND f.kind IN ({STAFF_KINDS}) AND f.rt IS NULL CROSS JOIN node p ON p.n = f.s AND p.kind = {PERSON} "
            "CROSS JOIN node e ON e.n = near.n"
        ).fetchall()
        ids = dict(db.execute("SELECT n, id FROM near CROSS JOIN node USING (n)").fetchall())
        near(db, {s for s, _, _ in people})
        called = _group(db.execute(f"SELECT s, name FROM ({NAMED.format(near=NEARBY)})"))
        staff = [(s, weak, e, name) for s, weak, e in people for name in called.get(s, ())]
        moves_of = moved(db, [row for row in moves if row[0] in ids])
        judged = self._spots(staff, dict(moves_of)) | {s for s, weak, _ in people if weak} | self._touched
        judged = some(db, judged, f"kind = {PERSON} AND weak = 1")
        weak = named_by_facts(db, judged)
        inputs = PersonInputs(
            arrow_rows(((n,) for n in sorted(weak)), WEAK),
            arrow_rows(staff, STAFF),
            arrow_rows(moves_of, MOVED),
            arrow_table(apart(db), APART),
        )
        return judged, inputs

    def _touched_enterprises(self) -> set[int]:
        """Organisations among the touched nodes, and those of the touched persons."""
        near(self._db, self._touched)
        rows = self._db.execute(
            f"SELECT n FROM near CROSS JOIN node USING (n) WHERE kind <> {PERSON} UNION "
            f"SELECT f.o FROM {NEARBY} WHERE spoken.kind IN ({STAFF_KINDS}) AND f.rt IS NULL"
        )
        return {n for (n,) in rows}

    def _texts(self, nodes: set[int]) -> list[tuple[str, str | None]]:
        """Names and numbers of any time."""
        near(self._db, nodes)
        return self._db.execute(
            f"SELECT DISTINCT f.name, f.role FROM {NEARBY} "
            f"WHERE spoken.kind IN ({PROFILE}, {ALIAS}) AND f.name IS NOT NULL"
        ).fetchall()

    def _numbers(self, nodes: set[int]) -> set[str]:
        """Registration numbers of those of the nodes that are known by them."""
        near(self._db, nodes)
        rows = self._db.execute("SELECT id FROM near CROSS JOIN node USING (n) WHERE id LIKE 'regno:%'")
        return {normalize_name(id_.removeprefix("regno:")) for (id_,) in rows}

    def _called(self, norms: set[str]) -> set[int]:
        """Entities that are called so now or were once."""
        if isinstance(self._db, Partial):
            self._db.bring_called(norms)
        sql = "SELECT n FROM name WHERE closed IN (0, 1) AND norm = ?"
        return {n for norm in sorted(norms) for (n,) in self._db.execute(sql, (norm,))}

    def _of_namesakes(self) -> set[int]:
        """Enterprises in which touched persons are known by name without an office there, by their namesakes."""
        db = self._db
        weak = some(db, self._touched, f"kind = {PERSON} AND weak = 1")
        near(db, weak)
        placed = {
            s
            for (s,) in db.execute(
                f"SELECT f.s FROM {NEARBY} WHERE spoken.kind IN ({STAFF_KINDS}) AND f.rt IS NULL"
            )
        }
        lonely = weak - placed
        names = {normalize_name(name) for name, _ in self._texts(lonely)}
        near(db, self._called(names))
        rows = db.execute(f"SELECT f.o FROM {NEARBY} WHERE spoken.kind IN ({STAFF_KINDS}) AND f.rt IS NULL")
        around, _ = same_as_around(db, {n for (n,) in rows})
        near(db, around)
        ids = db.execute("SELECT n, id FROM near CROSS JOIN node USING (n)").fetchall()
        return {n for n, id_ in ids if any(node_number(person_at_id(id_, name)) in lonely for name in names)}

    def _spots(self, staff: Iterable[tuple[int, int, str, str]], moves: Mapping[str, str]) -> set[int]:
        """Everybody who could be known by the name of somebody there, under each id of the enterprise."""
        called = defaultdict(set)
        for enterprise, target in moves.items():
            called[target].add(enterprise)
        found = set()
        for _, _, enterprise, name in staff:
            home = moves.get(enterprise, enterprise)
            for id_ in (home, *called[home]):
                found.add(node_number(person_at_id(id_, normalize_name(name))))
        return found


def moved(db: sqlite3.Connection, same: Iterable[tuple[int, int, str]]) -> list[tuple[str, str]]:
    """Ids of enterprises and of what each is throughout, by SAME_AS facts (node, target, source)."""
    targets: dict[int, dict[bool, set[int]]] = defaultdict(lambda: {True: set(), False: set()})
    for node, target, source in same:
        targets[node][source == _OFFICER].add(target)
    chosen = {n: by[True] or by[False] for n, by in targets.items()}
    single = {n: next(iter(found)) for n, found in chosen.items() if len(found) == 1}
    nodes = {*single, *single.values()}
    near(db, nodes)
    ids = dict(
        db.execute(f"SELECT n, id FROM near CROSS JOIN node USING (n) WHERE kind <> {PERSON}").fetchall()
    )
    return sorted((ids[n], ids[_end(single, n)]) for n in single if n in ids)


def apart(db: sqlite3.Connection) -> sqlite3.Cursor:
    """Pairs that officers keep apart."""
    return db.execute(f"SELECT f.s, f.o FROM {EVERYWHERE} WHERE f.rt IS NULL AND spoken.kind = {DISTINCT}")


def numbers(where: str) -> str:
    """Registration numbers that registered organisations state."""
    return (
        f"SELECT f.s, f.name FROM {where} CROSS JOIN node n ON n.n = f.s AND n.weak = 0 "
        f"WHERE f.rt IS NULL AND spoken.kind = {ALIAS} AND f.role = 'regno'"
    )


def _end(single: Mapping[int, int], node: int) -> int:
    for _ in range(_MOST_STEPS):
        if node not in single:
            break
        node = single[node]
    return node


def _group(rows: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for node, name in rows:
        found.setdefault(node, set()).add(name)
    return found
