"""Records about an entity and what became of them. Ends do not wait for a refresh; repaired ones are in no answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph_service.credit_graph.moment import Moment
from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.intervals import Interval, earlier_end
from graph_service.domain.sanctions import Exit, ExitEvent, Record, RecordLife, RecordStatus, record_life
from graph_service.projection.exits import exit_from

FAR = 10**7  # a day after all others: an exit that is known counts at once, whatever day it states
ENDING = frozenset({ExitEvent.REPAIRED, ExitEvent.REVOKED, ExitEvent.OBJECTION_UPHELD})
UNVERIFIED = "unverified"  # the nature of a complaint, and what stands for its status
Key = tuple[str, str | None, str | None, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A record on the day of the answer.

    `counts_as_listed`: its kind makes an entity listed. `seeds`: whether it may say something about others: in
    force, not objected to, and still held by the store.
    """

    fact: Fact
    life: RecordLife
    exits: tuple[Exit, ...]
    status: RecordStatus
    counts_as_listed: bool
    seeds: bool

    @property
    def kind(self) -> str:
        """The record's kind."""
        return self.life.record.kind

    @property
    def shown_status(self) -> str:
        """The status as answers say it: what nobody has verified is not said to be in force."""
        is_open = self.status is RecordStatus.IN_FORCE
        return (
            UNVERIFIED if is_open and self.fact.attributes.get("nature") == UNVERIFIED else self.status.value
        )

    @property
    def is_in_force(self) -> bool:
        """Whether it counts on the day of the answer; one under objection does."""
        return self.status in (RecordStatus.IN_FORCE, RecordStatus.OBJECTED)

    @property
    def is_listed(self) -> bool:
        """Whether it makes its entity listed on the day of the answer."""
        return self.is_in_force and self.counts_as_listed


def standing_records(moment: Moment, entity: str) -> list[Standing]:
    """The records that may stand in an answer, by start; repaired and revoked ones are left out, whatever the day."""
    facts = moment.view.records(entity)
    later = moment.live.records(entity) if moment.has_later else facts
    exits = exit_events(entity, (*facts, *later))
    held = {key(f): f.valid_to for f in later if f.kind is FactKind.RECORD}
    found: list[Standing] = []
    for fact in facts:
        if fact.kind is FactKind.RECORD:
            standing = judged(moment, entity, _ended(fact, held), exits)
            if standing is not None:
                found.append(standing if key(fact) in held else replace(standing, seeds=False))
    return sorted(found, key=lambda s: (s.fact.valid_from or 0, s.kind, s.fact.id))


def judged(moment: Moment, entity: str, fact: Fact, exits: Sequence[Exit]) -> Standing | None:
    """What a record is on the day of the answer; None before its start, and when it was repaired or revoked."""
    life = life_of(entity, fact, exits)
    status = life.status_on(moment.judged_on)
    if not life.is_visible or status is None:
        return None
    mine = tuple(
        e for e in exits if e.kind == life.record.kind and e.document in (None, life.record.document)
    )
    listed = life.record.kind in moment.listed_kinds
    return Standing(fact, life, mine, status, listed, life.is_seed(moment.judged_on))


def life_of(entity: str, fact: Fact, exits: Sequence[Exit]) -> RecordLife:
    """What became of the record that a fact states."""
    term = Interval(fact.valid_from, fact.valid_to)
    record = Record(fact.id, entity, fact.role or "", fact.part, term)
    return record_life(record, exits, FAR)


@dataclass(frozen=True, slots=True)
class Removed:
    """Records that leave every answer: their keys, and (kind, document) by which events speak of them."""

    keys: frozenset[Key]
    documents: frozenset[tuple[str | None, str | None]]


def removed_records(moment: Moment, entity: str) -> Removed:
    """What was repaired or revoked about an entity, by all that is known now: histories leave it out too."""
    facts = (*moment.view.records(entity), *moment.live.records(entity))
    exits = exit_events(entity, facts)
    lives = [(f, life_of(entity, f, exits)) for f in facts if f.kind is FactKind.RECORD]
    gone = [(f, life.record.document) for f, life in lives if not life.is_visible]
    ended = {(e.kind, e.document) for e in exits if e.event in ENDING}
    return Removed(frozenset(key(f) for f, _ in gone), frozenset({(f.role, d) for f, d in gone} | ended))


def exit_events(entity: str, facts: Iterable[Fact]) -> list[Exit]:
    """The events among facts about one entity, each once."""
    return list(dict.fromkeys(e for f in facts if f.kind is FactKind.EXIT for e in exit_event(entity, f)))


def exit_event(entity: str, fact: Fact) -> list[Exit]:
    """The event that a fact of kind EXIT states; none when it states no day or no kind."""
    found = exit_from(entity, fact.role, fact.part, fact.valid_from)
    return [] if found is None else [found]


def key(fact: Fact) -> Key:
    """What makes two facts the same record of one source."""
    return fact.source, fact.role, fact.part, fact.subject


def _ended(fact: Fact, held: dict[Key, int | None]) -> Fact:
    """The fact with the earlier of two ends: that of the moment asked for, and that which the store holds now."""
    end = earlier_end(fact.valid_to, held.get(key(fact)))
    return fact if end == fact.valid_to else replace(fact, valid_to=end, loaded_id=fact.id)
