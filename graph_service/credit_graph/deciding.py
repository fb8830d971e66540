"""What officers decide: which ids are one entity, which are neutral hubs; with reason, name and day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph_service.credit_graph.moment import Moment
from graph_service.domain.errors import CreditGraphError, UnknownEntity, WrongCall
from graph_service.domain.facts import Fact, FactKind, canonical_json, label
from graph_service.domain.intervals import from_day
from graph_service.results import Decision
from graph_service.store.base import FactCounts, GraphView

OFFICER = "officer"
_NO_BODIES = frozenset({"address", "contact"})
Pair = tuple[str, str | None]  # of a hub there is one id only
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
    _refuse_two(view, pair)
    standing = _stated_between(view, pair)
    if any(f.kind is FactKind.SAME_AS for f in standing):
        return _decision("same_as", "unchanged", pair, grounds)
    return _state(moment, FactKind.SAME_AS, pair, grounds, standing)


def _refuse_two(view: GraphView, pair: tuple[str, str]) -> None:
    """A person is no organisation, and two valid codes are two enterprises.

    Raises:
        WrongCall: naming both and what they are.
    """
    found = [view.profile(e) for e in pair]
    if len({p.kind == "person" for p in found}) > 1 or any(p.kind in _NO_BODIES for p in found):
        kinds = f"'{pair[0]}' is of kind {found[0].kind} and '{pair[1]}' of kind {found[1].kind}"
        message = f"{kinds}: they cannot be one entity; confirm persons with persons, organisations with organisations."
        raise WrongCall(message)
    if len({p.id for p in found if p.id.startswith("uscc:")}) > 1:
        message = f"'{found[0].id}' and '{found[1].id}' have two different valid codes and are two entities; nothing was stated."
        raise WrongCall(message)


def undo_match(moment: Moment, one: str, other: str, grounds: Grounds) -> Decision:
    """Undo what stands between two ids.

    What an officer stated, that they are one or that they are not, is taken back: the pair is as undecided as before.
    A match that the rules derived, or a candidate, is rejected: stated to be two.
    """
    view = moment.live
    pair = _pair(view, one, other)
    standing = _stated_between(view, pair)
    if standing:
        return _take_back(moment, standing, pair, grounds)
    if not _between(view, pair) and not any({a, b} == set(pair) for a, b, _ in view.candidates()):
        message = (
            f"'{one}' and '{other}' are neither matched nor candidates; `credit-graph matches` lists those."
        )
        raise CreditGraphError(message)
    return _state(moment, FactKind.DISTINCT, pair, grounds, [])


def add_hub(moment: Moment, reference: str, grounds: Grounds) -> Decision:
    """Name an entity a neutral hub, through which no association is drawn."""
    entity = moment.live.find(reference)
    if _hubs_of(moment, entity):
        return _decision("hub", "unchanged", (entity, None), grounds)
    return _state(moment, FactKind.HUB, (entity, None), grounds, [])


def end_hub(moment: Moment, reference: str, grounds: Grounds) -> Decision:
    """End an officer's hub. Raises CreditGraphError when there is none."""
    entity = moment.live.find(reference)
    standing = _hubs_of(moment, entity)
    if not standing:
        message = f"no officer has named '{entity}' a hub; `credit-graph hubs` lists the named ones."
        raise CreditGraphError(message)
    return _take_back(moment, standing, (entity, None), grounds)


def _state(moment: Moment, kind: FactKind, pair: Pair, grounds: Grounds, end: Sequence[Fact]) -> Decision:
    """State something; what was stated against it ends, and so does that this was once taken back."""
    fact = _statement(moment, kind, pair, grounds)
    state_anew(moment, fact, grounds, end)
    return _decision(label(kind), "stated", pair, grounds)


def _take_back(moment: Moment, standing: Sequence[Fact], pair: Pair, grounds: Grounds) -> Decision:
    """End statements; why and by whom is kept as a fact of its own."""
    take_back(moment, standing, grounds)
    return _decision(label(standing[0].kind), "ended", pair, grounds)


def _taking_back(fact: Fact, grounds: Grounds, moment: Moment) -> Fact:
    stated = _statement(moment, FactKind.TAKEN_BACK, (fact.subject, fact.object), grounds)
    return replace(stated, role=label(fact.kind), part=fact.part)


def state_anew(moment: Moment, fact: Fact, grounds: Grounds, end: Sequence[Fact]) -> None:
    """Store what an officer states instead of these statements; that it was once taken back ends too."""
    _decide(moment, [fact], [*end, _taking_back(fact, grounds, moment)])


def take_back(moment: Moment, standing: Sequence[Fact], grounds: Grounds) -> None:
    """End an officer's statements; why and by whom is kept as facts of their own."""
    _decide(moment, [_taking_back(f, grounds, moment) for f in standing], standing)


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


def _stated_between(view: GraphView, pair: Pair) -> list[Fact]:
    return [f for f in _between(view, pair) if f.source == OFFICER]


def _between(view: GraphView, pair: Pair) -> list[Fact]:
    return [f for f in view.matches() if {f.subject, f.object} == set(pair)]


def _statement(moment: Moment, kind: FactKind, pair: Pair, grounds: Grounds) -> Fact:
    attributes = {"reason": grounds.reason, "by": grounds.by, "date": from_day(moment.today).isoformat()}
    return Fact(OFFICER, kind, pair[0], pair[1], role=OFFICER, attrs=canonical_json(attributes))


def _decide(moment: Moment, facts: Sequence[Fact], end: Sequence[Fact]) -> FactCounts:
    with moment.store.writer() as writer:
        counts = writer.decide(facts, end)
        writer.settle()
    return counts


def _decision(kind: str, action: str, pair: Pair, grounds: Grounds) -> Decision:
    return Decision(
        kind, action, pair[0], pair[1], grounds.reason, grounds.by, refresh_needed=action != "unchanged"
    )
