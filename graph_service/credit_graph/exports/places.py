"""Which address every organisation has on the day of the export: addresses are part of it in open standards."""

from collections import defaultdict

from graph_service.credit_graph.exports.identities import Identities
from graph_service.credit_graph.moment import Moment
from graph_service.domain.facts import FactKind

Place = tuple[str, str | None]
"""Id of an address, and what it is to the organisation."""


class Places:
    """Addresses by organisation, held in memory: one id for each. `stated`: how many facts there are."""

    def __init__(self, moment: Moment, ids: Identities) -> None:
        found: dict[str, set[Place]] = defaultdict(set)
        self.stated = 0
        for fact in moment.view.all_facts((FactKind.LOCATED_AT,)):
            self.stated += fact.valid_from is None or fact.valid_from <= moment.view.as_of
            if fact.object is not None and fact.is_valid_on(moment.view.as_of):
                found[ids.canonical(fact.subject)].add((ids.canonical(fact.object), fact.role))
        self._of = {e: tuple(sorted(p, key=str)) for e, p in found.items()}

    def of(self, entity: str) -> tuple[Place, ...]:
        """The addresses of an organisation, in one order."""
        return self._of.get(entity, ())


def address_texts(moment: Moment) -> dict[str, str]:
    """The text of every address."""
    nodes = moment.view.nodes()
    columns = (nodes.column(name).to_pylist() for name in ("id", "kind", "label"))
    return {i: label for i, kind, label in zip(*columns, strict=True) if kind == "address" and label}
