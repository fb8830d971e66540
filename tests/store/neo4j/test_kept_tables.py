"""Tables that are brought up to date by what changed since are those that are read whole."""

from pathlib import Path

from graph_service.domain.facts import FactKind
from graph_service.store.base import GraphStore
from tests.store.contract.test_one_writer import FIRST, FULL, NEXT, OWNERS, OWNERS_NEXT
from tests.store.deliveries import write_all
from tests.store.neo4j.conftest import Opener

STATED = ((FactKind.PROFILE,), (FactKind.RECORD, FactKind.EXIT), (FactKind.HUB,))


def tables(store: GraphStore, known_at: int | None = None) -> list[object]:
    view = store.view(known_at=known_at)
    stated = [sorted(view.statement_table(kinds).to_pylist(), key=str) for kinds in STATED]
    return [view.nodes().to_pylist(), sorted(view.relation_table().to_pylist(), key=str), stated]


def test_kept_tables_follow_loads_corrections_ends_and_withdrawals(opened: Opener, tmp_path: Path) -> None:
    keeping, reading = opened(tmp_path), opened()
    seen = []
    for load in (FIRST, OWNERS, NEXT, OWNERS_NEXT, FULL):
        write_all(keeping, [load])
        assert tables(keeping) == tables(reading)
        seen.append((reading.moment(), tables(reading)))
    with keeping.writer() as writer:
        writer.withdraw(OWNERS.batch)
    assert tables(keeping) == tables(reading) != seen[-1][1]
    for moment, then in seen:
        assert tables(keeping, moment) == then


def test_tables_of_another_store_or_damaged_ones_are_read_anew(opened: Opener, tmp_path: Path) -> None:
    first = opened(tmp_path)
    write_all(first, [FIRST, OWNERS])
    whole = tables(first)
    kept = sorted(tmp_path.glob("*.arrow"))
    assert kept
    kept[0].write_bytes(kept[0].read_bytes()[:100])
    kept[1].write_bytes(b"no arrow")
    assert tables(opened(tmp_path)) == whole
    with_other = opened(tmp_path)
    write_all(with_other, [NEXT])
    assert tables(with_other) == tables(opened())
