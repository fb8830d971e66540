"""What a small delivery asks of a large store goes through indexes, also once SQLite has statistics of the tables."""

import re
import sqlite3
from pathlib import Path

import pytest

from graph_service.domain.facts import Fact, FactKind
from graph_service.store.sqlite import SqliteStore
from graph_service.store.sqlite.nearby import DISTINCT
from graph_service.store.sqlite.writer import SqliteWriter
from tests.cli.killing import copied
from tests.loaders.small_city import code
from tests.store.deliveries import (
    REGISTRATION,
    SHAREHOLDERS,
    Load,
    Row,
    holds,
    named,
    person_at,
    write,
    write_all,
)

FIRMS = 3_000
LARGE = ("fact", "statement", "node", "name")
Plans = dict[str, list[str]]


def firm(n: int) -> str:
    return f"uscc:{code(n)}"


def register(first: int, stop: int, name: str) -> tuple[Row, ...]:
    rows = [named(REGISTRATION, firm(n), f"三门峡{name}{n}号有限公司") for n in range(first, stop)]
    places = [
        Row(Fact("registration", FactKind.LOCATED_AT, firm(n), f"address:{n % 50}"))
        for n in range(first, stop)
    ]
    return tuple(Row(row.fact, line=line) for line, row in enumerate([*rows, *places], 2))


def owners(first: int, stop: int, holder: str) -> tuple[Row, ...]:
    rows = [holds(person_at(firm(n), holder), firm(n), 0.5) for n in range(first, stop)]
    return tuple(Row(row.fact, row.scope, line) for line, row in enumerate(rows, 2))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thousands of facts of two sources, with statistics: enough for a plan that trusts them to go wrong."""
    store = SqliteStore(tmp_path_factory.mktemp("large") / "store.db")
    everyone = tuple(firm(n) for n in range(FIRMS))
    write_all(
        store,
        [
            Load("register", REGISTRATION, register(0, FIRMS, "甲"), date=10),
            Load("owners", SHAREHOLDERS, owners(0, FIRMS, "张三"), "snapshot", 10, everyone),
        ],
    )
    store.close()
    db = sqlite3.connect(store.path)
    assert db.execute("SELECT count(*) FROM fact").fetchone()[0] >= 3 * FIRMS
    db.execute("ANALYZE")
    db.close()
    return store.path


def plans_of(writer: SqliteWriter, load: Load) -> Plans:
    """Write a delivery and settle; the plan of every different statement that this took."""
    said: dict[str, str] = {}

    def keep(sql: str) -> None:
        if re.match(r"(SELECT|INSERT|UPDATE|DELETE|WITH)\b", sql.strip()):
            said.setdefault(re.sub(r"-?\d+|'[^']*'", "?", sql), sql)

    writer._db.set_trace_callback(keep)
    write(writer, load)
    writer.settle()
    writer._db.set_trace_callback(None)
    explained = {sql: writer._db.execute(f"EXPLAIN QUERY PLAN {sql}") for sql in said.values()}
    return {sql: [row[3] for row in rows] for sql, rows in explained.items()}


def tables_of(sql: str) -> dict[str, str]:
    """Large tables that a statement names, by their aliases."""
    named_ = re.findall(rf"\b(?:FROM|JOIN|UPDATE|INTO)\s+({'|'.join(LARGE)})\b(?:\s+(?:AS\s+)?(\w+))?", sql)
    words = {"SET", "WHERE", "JOIN", "ON", "USING", "CROSS", "ORDER", "LEFT", "VALUES", "SELECT", "UNION"}
    return {table if not alias or alias.upper() in words else alias: table for table, alias in named_}


def slow_steps(plans: Plans) -> list[tuple[str, str]]:
    """Steps that read a large table from end to end, or all facts of a source; officers' few decisions aside."""
    found = []
    for sql, steps in plans.items():
        for step in steps:
            reads = re.match(r"(SCAN|SEARCH) (\w+)(.*)", step)
            if reads and reads[2] in tables_of(sql):
                whole = reads[1] == "SCAN" or re.search(
                    r"\(src=\?\)|\(src=\? AND kind=\?\)|\(o>\?\)", reads[3]
                )
                found += [(step, sql)] if whole and f"spoken.kind = {DISTINCT}" not in sql else []
    return found


def test_the_check_of_plans_sees_what_reads_everything(large: Path) -> None:
    db = sqlite3.connect(large)
    for sql in (
        "SELECT count(role) FROM fact f WHERE f.amount = 1",
        "SELECT 1 FROM fact WHERE src = 1 AND d = 2",
    ):
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert slow_steps({sql: plan}), plan
    db.close()


@pytest.mark.parametrize(
    "load",
    [
        Load("next", REGISTRATION, (*register(0, 3, "甲"), *register(3, 5, "乙"), *register(FIRMS, FIRMS + 3, "丙")),
             date=20),
        Load("late", REGISTRATION, register(5, 8, "丁"), date=5),
        Load("more", SHAREHOLDERS, owners(0, 3, "李四"), date=20),
    ],
    ids=lambda load: load.batch,
)  # fmt: skip
def test_a_small_delta_reads_no_large_table_from_end_to_end(load: Load, large: Path, tmp_path: Path) -> None:
    store = SqliteStore(copied(large, tmp_path / "copy"))
    with store.writer() as writer:
        plans = plans_of(writer, load)
    store.close()
    assert any("fact" in tables_of(sql).values() for sql in plans)
    assert slow_steps(plans) == []


def test_a_small_complete_list_reads_its_source_once_and_nothing_else_from_end_to_end(
    large: Path, tmp_path: Path
) -> None:
    load = Load(
        "list", SHAREHOLDERS, owners(8, 10, "王五"), "snapshot", 20, tuple(firm(n) for n in range(8, 10))
    )
    store = SqliteStore(copied(large, tmp_path / "copy"))
    with store.writer() as writer:
        plans = plans_of(writer, load)
    store.close()
    slow = slow_steps(plans)
    assert [step for step, _ in slow if step.startswith("SCAN")] == []
    assert len(slow) <= 1, slow
