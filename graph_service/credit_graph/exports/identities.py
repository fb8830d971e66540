"""Canonical ids for millions of facts, without a question to the store for each."""

from graph_service.domain.facts import FactKind
from graph_service.store.base import GraphView


class Identities:
    """Asks the view only for ids that a match in force speaks of; all others are their own."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        same = [f for f in view.matches() if f.kind is FactKind.SAME_AS]
        self._known: dict[str, str | None] = {e: None for f in same for e in (f.subject, f.object) if e}

    def canonical(self, entity: str) -> str:
        """The id that answers use."""
        if entity not in self._known:
            return entity
        found = self._known[entity]
        if found is None:
            found = self._known[entity] = self._view.canonical(entity)
        return found
