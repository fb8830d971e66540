"""What a first reading of a BODS file notes down: who is in it, which statement of a record is the latest."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from loaders.formats.bods_parts.statement import Statement
from loaders.formats.gather import Unfit

Link = tuple[str, str, bool]
"""Interested party, subject, and whether the relationship says enough to compute with."""


@dataclass
class Index:
    """By record id: parties with their entity's id and kind, the latest statement, how many there are; bad lines."""

    parties: dict[str, tuple[str, str]] = field(default_factory=dict)
    latest: dict[str, tuple[int, int]] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    links: dict[str, Link] = field(default_factory=dict)
    unfit: dict[int, Unfit] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def add(
        self,
        statement: Statement,
        party: Callable[[Statement], tuple[str, str]],
        is_known_link: Callable[[Statement], bool],
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
            self._link(statement, is_known_link)
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
        components = statement.details.get("componentRecords")
        if not isinstance(components, list):
            return False
        links = [self.links[c] for c in components if isinstance(c, str) and c in self.links]
        party, subject = statement.details.get("interestedParty"), statement.details.get("subject")
        return bool(links) and all(known for _, _, known in links) and _is_path(links, party, subject)

    def _link(self, statement: Statement, is_known_link: Callable[[Statement], bool]) -> None:
        party, subject = statement.details.get("interestedParty"), statement.details.get("subject")
        if (
            statement.details.get("isComponent") is True
            and isinstance(party, str)
            and isinstance(subject, str)
        ):
            self.links[statement.record] = (party, subject, is_known_link(statement))


def _is_path(links: list[Link], start: object, goal: object) -> bool:
    reached = {start}
    while True:
        more = {subject for party, subject, _ in links if party in reached} - reached
        if goal in more:
            return True
        if not more:
            return False
        reached |= more
