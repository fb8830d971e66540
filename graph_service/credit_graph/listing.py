"""Which ids are one entity, which may be one person, which entities officers named neutral hubs."""

from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.telling import day_of
from graph_service.domain.facts import Fact, label
from graph_service.domain.findings import FindingClass
from graph_service.results import Candidate, Cut, EntityRef, Hub, Hubs, Match, Matches
from graph_service.results.sentences import SAME_PERSON

OFFICER = "officer"


def matches(moment: Moment, limit: int) -> Matches:
    """Identities and separations in force, officers' first, and the candidates that wait for an officer."""
    naming = Naming(moment.view)
    every = sorted(moment.view.matches(), key=lambda f: (f.source != OFFICER, f.subject, f.object or ""))
    waiting = moment.view.candidates()
    facts, pairs = every[:limit], waiting[:limit]
    total = max(len(every), len(waiting))
    naming.read(e for a, b, _ in pairs for e in (a, b))
    naming.read(e for f in facts for e in (f.subject, f.object))
    return Matches(
        matches=tuple(_match(fact, naming) for fact in facts),
        candidates=tuple(
            Candidate(_as_loaded(a, naming), _as_loaded(b, naming), reason, SAME_PERSON)
            for a, b, reason in pairs
        ),
        truncated=Cut("matches", limit, total) if total > limit else None,
        **moment.heading(),
    )


def hubs(moment: Moment) -> Hubs:
    """Neutral hubs that officers named, in force."""
    naming = Naming(moment.view)
    facts = moment.view.hubs()
    naming.read(f.subject for f in facts)
    return Hubs(hubs=tuple(_hub(fact, naming) for fact in facts), **moment.heading())


def _match(fact: Fact, naming: Naming) -> Match:
    decided = fact.source == OFFICER
    said = fact.attributes
    return Match(
        fact=fact.id,
        kind=label(fact.kind),
        subject=_as_loaded(fact.subject, naming),
        object=_as_loaded(fact.object or fact.subject, naming),
        reason=str(said.get("reason") or fact.role or ""),
        by=said.get("by"),
        valid_from=day_of(fact.valid_from),
        valid_to=day_of(fact.valid_to),
        class_=FindingClass.FACT if decided else FindingClass.DERIVED,
    )


def _as_loaded(entity: str, naming: Naming) -> EntityRef:
    """The id that the match speaks of, not the one that answers use for it."""
    ref = naming.ref(entity)
    return EntityRef(entity, ref.kind, ref.name)


def _hub(fact: Fact, naming: Naming) -> Hub:
    said = fact.attributes
    return Hub(
        fact.id, naming.ref(fact.subject), str(said.get("reason") or ""), said.get("by"), said.get("date")
    )
