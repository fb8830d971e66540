"""What a server's views have in common and what seldom changes: moments, sources, deliveries; read again after a change."""

import threading
from collections.abc import Mapping, Sequence

from graph_service.domain.facts import Evidence
from graph_service.store.neo4j.connection import Server

_NEW = """
OPTIONAL MATCH (c:CreditGraph) WITH c.uid AS uid LIMIT 1
RETURN uid, COLLECT { MATCH (m:Moment) WHERE m.number > $last RETURN [m.number, m.recorded] }
"""
_SOURCES = "MATCH (s:Source) RETURN s.number, s.name, s.rank, s.kinds"
_DELIVERIES = "MATCH (d:Delivery) RETURN d.number, d.batch, d.source, d.files, d.moment, d.withdrawn"
Told = tuple[
    str, int, list[str], int | None, int | None
]  # batch, source, files, moment, moment of withdrawal


class Lists:
    """Of one server, for all views of it; may be asked from any thread."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._uid: str | None = None
        self._unmarked: set[int] = set()
        self.recorded: dict[int, int] = {}
        self.ranks: Mapping[str, int] = {}
        self._sources: dict[int, str] = {}
        self._spoken: list[tuple[int, int]] = []
        self._deliveries: dict[int, Told] = {}

    def update(self) -> None:
        """Look for new moments; what they may have changed is read again."""
        with self._lock:
            self._unmarked = set()
            ((uid, new),) = self._server.read(_NEW, last=max(self.recorded, default=0))
            if uid != self._uid:
                # Another store than before: what was known of the other is of no use.
                if self._uid is not None:
                    self.recorded = {}
                    ((uid, new),) = self._server.read(_NEW, last=0)
                self._uid = uid
            elif not new:
                return
            rows = self._server.read(_SOURCES)
            self._sources = {n: name for n, name, *_ in rows}
            self._spoken = sorted((n, kind) for n, _, _, kinds in rows for kind in kinds or ())
            self.ranks = {name: rank for _, name, rank, _ in rows}
            self._deliveries = {}
            self.recorded = self.recorded | dict(new)

    def moment(self, known_at: int | None) -> tuple[int, int]:
        """When the last change up to `known_at` (None: now) was recorded, and its number; zeros before the first."""
        seen = [(r, n) for n, r in self.recorded.items() if known_at is None or r <= known_at]
        return max(seen, default=(0, 0))

    def numbers(self, names: frozenset[str]) -> list[int]:
        """Of sources with these names."""
        return [n for n, name in self._sources.items() if name in names]

    def spoken(self, kinds: Sequence[int]) -> list[tuple[int, int]]:
        """Pairs of source and kind of which facts were ever stated, ascending."""
        return [pair for pair in self._spoken if pair[1] in kinds]

    def source(self, src: int) -> str:
        """Name of a source."""
        if src not in self._sources:
            self._sources = {n: name for n, name, *_ in self._server.read(_SOURCES)}
        return self._sources[src]

    def recorded_at(self, t: int | None) -> int | None:
        """When a change was recorded; None also for one that is not marked yet."""
        if t is not None and t not in self.recorded and t not in self._unmarked:
            self.update()
            if t not in self.recorded:
                self._unmarked.add(t)
        return None if t is None else self.recorded.get(t)

    def delivery(self, d: int) -> Told:
        """What is known of a delivery."""
        if d not in self._deliveries:
            self._deliveries = {
                n: (batch, src, files.split("\x1f"), t, withdrawn)
                for n, batch, src, files, t, withdrawn in self._server.read(_DELIVERIES)
            }
        return self._deliveries[d]

    def cited(self, d: int, file: int, line: int) -> Evidence:
        """A line of a delivery."""
        batch, src, files, *_ = self.delivery(d)
        return Evidence(batch, self.source(src), files[file] if file < len(files) else "", line)
