"""What a first reading of a BODS file notes down: who is in it, which statement of a record is the latest."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from loaders.formats.bods_parts.statement import Statement
from loaders.formats.gather import Unfit

Link = tuple[str, str, float | None, bool]
"""Interested party, subject, the direct share, and whether the relationship states a size of any kind."""
Shares = Callable[[Statement], tuple[float | None, float | None, bool]]
"""Of a relationship the one share that it states directly, the one that it states indirectly, whether it states a size."""


@dataclass
class Index:
    """By record id: parties with their entity's id and kind, the latest statement, how many there are; bad lines.

    `links`: relationships that are components of others; `sums`: party, subject, indirect share and components of those
    whose share is what their components come to.
    """

    parties: dict[str, tuple[str, str]] = field(default_factory=dict)
    latest: dict[str, tuple[int, int]] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    links: dict[str, Link] = field(default_factory=dict)
    sums: dict[str, tuple[str, str, float, list[str]]] = field(default_factory=dict)
    unfit: dict[int, Unfit] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def add(
        self,
        statement: Statement,
        party: Callable[[Statement], tuple[str, str]],
        shares: Shares,
    ) -> None:
        """Note a statement down.

        Raises:
            Unfit: its id was there before, or its record is something else elsewhere.
        """
        if statement.id in self.seen:
            raise Unfit("duplicate_id", "statementId")
        if self.types.setdefault(statement.record, statement.type) != statement.type:
            raise Unfit("bad_field", "recordType")
        if statement.type == "relationship":
            self._link(statement, shares)
        else:
            self.parties[statement.record] = party(statement)
        self.seen.add(statement.id)
        self.count[statement.record] += 1
        self.latest[statement.record] = max(
            self.latest.get(statement.record, statement.order), statement.order
        )

    def is_latest(self, statement: Statement) -> bool:
        """Whether no later statement speaks of the same record."""
        return self.latest[statement.record] == statement.order

    def is_derived(self, statement: Statement) -> bool:
        """Whether an indirect interest follows from relationships of the file that it names as its components."""
        links = self._components(statement.details.get("componentRecords"))
        party, subject = statement.details.get("interestedParty"), statement.details.get("subject")
        return isinstance(party, str) and isinstance(subject, str) and _is_path(links, party, subject)

    def inferred_share(self, record: str) -> float | None:
        """The share that a component must have, because all others on the one chain are known and so is their product."""
        return self._inferred.get(record)

    @cached_property
    def _inferred(self) -> dict[str, float | None]:
        """By record; None where two relationships say different things of it."""
        found: dict[str, float | None] = {}
        for party, subject, share, components in self.sums.values():
            records = [c for c in components if c in self.links]
            links = [self.links[c] for c in records]
            unknown = [r for r, (_, _, _, is_known) in zip(records, links, strict=True) if not is_known]
            known = [part for _, _, part, is_known in links if is_known]
            if len(unknown) != 1 or None in known or not _is_chain(links, party, subject):
                continue
            rest = math.prod(part for part in known if part is not None)
            if rest > 0 and share <= rest * (1 + 1e-9):
                value = min(share / rest, 1.0)
                found[unknown[0]] = value if found.get(unknown[0], value) == value else None
        return found

    def _components(self, named: object) -> list[Link]:
        given = named if isinstance(named, list) else []
        return [self.links[c] for c in given if isinstance(c, str) and c in self.links]

    def _link(self, statement: Statement, shares: Shares) -> None:
        party, subject = statement.details.get("interestedParty"), statement.details.get("subject")
        if not isinstance(party, str) or not isinstance(subject, str):
            return
        direct, indirect, is_known = shares(statement)
        components = statement.details.get("componentRecords")
        if statement.details.get("isComponent") is True:
            self.links[statement.record] = (party, subject, direct, is_known)
        elif indirect is not None and isinstance(components, list):
            self.sums[statement.record] = (
                party,
                subject,
                indirect,
                [c for c in components if isinstance(c, str)],
            )


def _is_path(links: Sequence[Link], start: str, goal: str) -> bool:
    reached = {start}
    while True:
        more = {subject for party, subject, *_ in links if party in reached} - reached
        if goal in more:
            return True
        if not more:
            return False
        reached |= more


def _is_chain(links: Sequence[Link], start: str, goal: str) -> bool:
    """Whether the links are one chain from the start to the goal, each used."""
    below = {party: subject for party, subject, *_ in links}
    node, steps = start, 0
    while node in below and node != goal and steps < len(links):
        node, steps = below[node], steps + 1
    return node == goal and steps == len(links) == len(below)
