"""What officers decide: which ids are one entity, which are neutral hubs; with reason, name and day."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.credit_graph.moment import Moment
from graph_service.domain.errors import CreditGraphError, UnknownEntity, WrongCall
from graph_service.domain.facts import Fact, FactKind, canonical_json
from graph_service.domain.intervals import from_day
from graph_service.results import Decision
from graph_service.store.base import FactCounts, GraphView

OFFICER = "officer"
# The id that answers use comes last: uscc before regno before name, person before person-at.
SCHEMES = ("person-at", "person", "name", "regno", "uscc")


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why and by whom something is decided."""

    reason: str
    by: str

    def __post_init__(self) -> None:
        """Raises WrongCall when one is blank."""
        if not self.reason.strip() or not self.by.strip():
            message = "a decision needs its reason (--reason) and who takes it (--by); neither may be blank."
            raise WrongCall(message)


def confirm_match(moment: Moment, one: str, other: str, grounds: Grounds) -> Decision:
    """State that two ids are one entity; a statement that they are not ends with it."""
    view = moment.live
    pair = _pair(view, one, other)
    standing = _between(view, pair)
    if any(f.kind is FactKind.SAME_AS and f.source == OFFICER for f in standing):
        return _decision("same_as", "unchanged", pair, grounds)
    fact = _statement(moment, FactKind.SAME_AS, pair, grounds)
    _decide(moment, [fact], [f for f in standing if f.source == OFFICER])
    return _decision("same_as", "stated", pair, grounds)


def undo_match(moment: Moment, one: str, other: str, grounds: Grounds) -> Decision:
    """State that two ids are not one entity: undoes a match, derived or confirmed, or rejects a candidate."""
    view = moment.live
    pair = _pair(view, one, other)
    standing = _between(view, pair)
    if any(f.kind is FactKind.DISTINCT for f in standing):
        return _decision("distinct", "unchanged", pair, grounds)
    if not standing and not any({a, b} == set(pair) for a, b, _ in view.candidates()):
        message = (
            f"'{one}' and '{other}' are neither matched nor candidates; `credit-graph matches` lists those."
        )
        raise CreditGraphError(message)
    fact = _statement(moment, FactKind.DISTINCT, pair, grounds)
    _decide(moment, [fact], [f for f in standing if f.source == OFFICER])
    return _decision("distinct", "stated", pair, grounds)


def add_hub(moment: Moment, reference: str, grounds: Grounds) -> Decision:
    """Name an entity a neutral hub, through which no association is drawn."""
    entity = moment.live.find(reference)
    if _hubs_of(moment, entity):
        return _decision("hub", "unchanged", (entity, None), grounds)
    _decide(moment, [_statement(moment, FactKind.HUB, (entity, None), grounds)], [])
    return _decision("hub", "stated", (entity, None), grounds)


def end_hub(moment: Moment, reference: str, grounds: Grounds) -> Decision:
    """End an officer's hub. Raises CreditGraphError when there is none."""
    entity = moment.live.find(reference)
    standing = _hubs_of(moment, entity)
    if not standing:
        message = f"no officer has named '{entity}' a hub; `credit-graph hubs` lists the named ones."
        raise CreditGraphError(message)
    _decide(moment, [], standing)
    return _decision("hub", "ended", (entity, None), grounds)


def _hubs_of(moment: Moment, entity: str) -> list[Fact]:
    return [f for f in moment.live.hubs() if moment.live.canonical(f.subject) == entity]


def _pair(view: GraphView, one: str, other: str) -> tuple[str, str]:
    first, second = (_known(view, reference) for reference in (one, other))
    if first == second:
        message = f"'{one}' and '{other}' are the same id; name two."
        raise WrongCall(message)
    ordered = sorted((first, second), key=lambda e: (_rank(e), e))
    return ordered[0], ordered[1]


def _known(view: GraphView, reference: str) -> str:
    """The id as given: a match speaks of the ids that facts were loaded with, not of the one answers use."""
    if ":" not in reference:
        return view.find(reference)
    if not view.history(reference) and reference not in {e for a, b, _ in view.candidates() for e in (a, b)}:
        message = f"no entity has the id '{reference}'; search for it by name."
        raise UnknownEntity(message)
    return reference


def _rank(entity: str) -> int:
    scheme = entity.partition(":")[0]
    return SCHEMES.index(scheme) if scheme in SCHEMES else len(SCHEMES)


def _between(view: GraphView, pair: tuple[str, str]) -> list[Fact]:
    return [f for f in view.matches() if {f.subject, f.object} == set(pair)]


def _statement(moment: Moment, kind: FactKind, pair: tuple[str, str | None], grounds: Grounds) -> Fact:
    attributes = {"reason": grounds.reason, "by": grounds.by, "date": from_day(moment.today).isoformat()}
    return Fact(OFFICER, kind, pair[0], pair[1], role=OFFICER, attrs=canonical_json(attributes))


def _decide(moment: Moment, facts: Sequence[Fact], end: Sequence[Fact]) -> FactCounts:
    with moment.store.writer() as writer:
        counts = writer.decide(facts, end)
        writer.settle()
    return counts


def _decision(kind: str, action: str, pair: tuple[str, str | None], grounds: Grounds) -> Decision:
    return Decision(
        kind, action, pair[0], pair[1], grounds.reason, grounds.by, refresh_needed=action != "unchanged"
    )
