"""Moving a store: its whole history into another one, of the same engine or the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from graph_service.domain.errors import StoreError
from graph_service.store.base import GraphStore
from graph_service.store.content import arrow, engine
from graph_service.store.history import TABLES, History


@dataclass(slots=True)
class Tally:
    """Rows of each table and the sum of their hashes, whatever their order."""

    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))

    def of(self, history: History) -> Iterator[tuple[str, pa.Table]]:
        """The pieces of a history, counted as they pass."""
        con = engine()
        try:
            for name, piece in history.tables:
                con.register("piece", piece)
                query = (
                    "SELECT count(*) AS n, coalesce(sum(hash(piece)::HUGEINT), 0)::VARCHAR AS h FROM piece"
                )
                ((count, total),) = [(row["n"], row["h"]) for row in arrow(con, query).to_pylist()]
                con.unregister("piece")
                self.rows[name] += count
                self.sums[name] += int(total)
                yield name, piece
        finally:
            con.close()


def move(
    source: GraphStore, target: GraphStore, advance: Callable[[int], None] | None = None
) -> dict[str, int]:
    """Write the whole history of one store into another, which must not be there yet; rows moved of each table.

    What arrived is read back and compared row by row before it becomes a store. `advance` is told
    how many more rows have arrived. Raises StoreError.
    """
    sent, arrived = Tally(), Tally()
    with target.receiving() as receiver:
        with source.history() as history:
            receiver.begin(history.person_key_fingerprint)
            for name, piece in sent.of(history):
                receiver.take(name, piece)
                if advance is not None:
                    advance(piece.num_rows)
        with receiver.history() as history:
            for _ in arrived.of(history):
                pass
        differing = [
            name
            for name in TABLES
            if (sent.rows[name], sent.sums[name]) != (arrived.rows[name], arrived.sums[name])
        ]
        if differing:
            raise StoreError(
                f"What arrived in {target.url} differs from {source.url} (in {', '.join(differing)}); nothing was moved, report it."
            )
        receiver.settle()
        receiver.complete()
    return sent.rows
