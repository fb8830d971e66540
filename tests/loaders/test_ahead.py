"""What one thread prepares while another writes arrives whole, in order and within bounds, or not at all."""

import threading

import pyarrow as pa
import pytest

from loaders import ahead
from loaders.ahead import Abandoned, Rows


class Taker:
    """Notes what is poured, in order."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[int]]] = []

    def __getattr__(self, kind: str) -> object:
        return lambda table: self.taken.append((kind, table.column("n").to_pylist()))


def _table(*numbers: int) -> pa.Table:
    return pa.table({"n": pa.array(numbers, pa.int64())})


def test_rows_are_poured_in_the_order_in_which_they_were_added() -> None:
    rows, taker = Rows(), Taker()
    rows.add("entities", _table(1, 2))
    rows.add("facts", _table())
    rows.add("facts", _table(3))
    rows.end()
    rows.pour(taker)  # type: ignore[arg-type]
    assert taker.taken == [("entities", [1, 2]), ("facts", [3])]


def test_whoever_prepares_waits_while_too_much_lies_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "MOST_BYTES", 8)
    rows, taker, lying = Rows(), Taker(), []

    def prepare() -> None:
        for n in range(50):
            rows.add("facts", _table(n))
            lying.append(len(rows._waiting))
        rows.end()

    thread = threading.Thread(target=prepare)
    thread.start()
    rows.pour(taker)  # type: ignore[arg-type]
    thread.join()
    assert [n for _, numbers in taker.taken for n in numbers] == list(range(50))
    assert max(lying) <= 1


def test_preparing_stops_when_nobody_takes_the_rows_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "MOST_BYTES", 8)
    rows, stopped = Rows(), threading.Event()

    def prepare() -> None:
        with pytest.raises(Abandoned):
            for n in range(50):
                rows.add("facts", _table(n))
        stopped.set()

    thread = threading.Thread(target=prepare)
    thread.start()
    rows.abandon()
    thread.join()
    assert stopped.is_set()
