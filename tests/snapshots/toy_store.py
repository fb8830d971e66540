"""A store that shows some facts; enough for a refresh."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pyarrow as pa

from graph_service.domain.facts import Fact, FactKind, content_text
from graph_service.store.base import GraphStore, GraphView
from tests.graphs import DAY, ToyTables

NOON = DAY * 86_400_000_000


@dataclass
class ToyView:
    """The facts on a day, in tables and by entity."""

    tables: ToyTables
    as_of: int
    known_at: int

    def nodes(self) -> pa.Table:
        return self.tables.nodes()

    def relation_table(self) -> pa.Table:
        return self.tables.relation_table()

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        return self.tables.statement_table(kinds)

    def records(self, entity: str) -> list[Fact]:
        return [
            f for f in self.tables.facts if f.subject == entity and f.kind in {FactKind.RECORD, FactKind.EXIT}
        ]


@dataclass
class ToyStore:
    """Facts that a test may change; each change is a later moment."""

    facts: list[Fact]
    moment_: int = NOON

    def view(self, as_of: int | None = None, known_at: int | None = None) -> ToyView:
        assert known_at is None
        return ToyView(ToyTables(tuple(self.facts)), DAY if as_of is None else as_of, self.moment_)

    def content(self, known_at: int | None = None) -> str:
        assert known_at in {None, self.moment_}
        return hashlib.sha256("\n".join(sorted(map(content_text, self.facts))).encode()).hexdigest()[:32]

    def moment(self) -> int:
        return self.moment_

    def source_ranks(self) -> dict[int, tuple[str, int]]:
        return ToyTables(tuple(self.facts)).sources()

    def add(self, *facts: Fact) -> None:
        self.facts += facts
        self.moment_ += 1

    @property
    def port(self) -> GraphStore:
        """The same, as the port that refresh takes; the rest of the port is not asked for."""
        return cast("GraphStore", self)

    @property
    def live(self) -> GraphView:
        """What is known now."""
        return cast("GraphView", self.view())
