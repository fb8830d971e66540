"""What one thread prepares of a delivery while another writes: a queue with an end, bounded in bytes."""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Literal

import pyarrow as pa

from graph_service.store.base import DeliveryWriter

MOST_BYTES = 256 << 20
Kind = Literal["entities", "facts", "rejects", "notes"]


class Abandoned(Exception):
    """Nobody will take what is being prepared; not seen outside of the load."""


class Rows:
    """Tables and scopes of one delivery on their way to its writer.

    `add` waits while more than `MOST_BYTES` lie here; `pour` hands everything to a writer in order, until `end`.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[Kind, pa.Table]] = deque()
        self._changed = threading.Condition()
        self._bytes = 0
        self._is_ended = self._is_abandoned = False

    def add(self, kind: Kind, table: pa.Table) -> None:
        """Hand over a table. Raises Abandoned when nobody takes it any more."""
        if not table.num_rows:
            return
        with self._changed:
            self._changed.wait_for(lambda: self._is_abandoned or self._bytes < MOST_BYTES)
            if self._is_abandoned:
                raise Abandoned
            self._waiting.append((kind, table))
            self._bytes += table.nbytes
            self._changed.notify_all()

    @property
    def is_abandoned(self) -> bool:
        """Whether nothing more is taken."""
        return self._is_abandoned

    def end(self) -> None:
        """Nothing more comes."""
        with self._changed:
            self._is_ended = True
            self._changed.notify_all()

    def abandon(self) -> None:
        """Nothing more is taken."""
        with self._changed:
            self._is_abandoned = True
            self._waiting.clear()
            self._changed.notify_all()

    def pour(self, out: DeliveryWriter) -> None:
        """Write what comes, until the end."""
        for kind, table in self._all():
            write = {
                "entities": out.entities,
                "facts": out.facts,
                "rejects": out.rejects,
                "notes": out.notes,
            }[kind]
            write(table)

    def _all(self) -> Iterator[tuple[Kind, pa.Table]]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_ended or bool(self._waiting))
                if not self._waiting:
                    return
                kind, table = self._waiting.popleft()
                self._bytes -= table.nbytes
                self._changed.notify_all()
            yield kind, table


Scopes = tuple[Sequence[str], pa.Table]
"""What a complete list covers, and what its rejected rows protect."""
