"""Who an entity is, what was known of it when, and how it is found."""

from graph_service.credit_graph.moment import Moment, moment_text
from graph_service.credit_graph.naming import HIDDEN, Naming, details, is_person, shown_hit, shown_name
from graph_service.credit_graph.recording import Removed, exit_event, key, removed_records, standing_records
from graph_service.domain.facts import Fact, FactKind, label
from graph_service.domain.intervals import from_day
from graph_service.results import Cut, EntityAnswer, History, HistoryItem, Hit, SearchResult
from graph_service.store.base import Profile


def entity(moment: Moment, reference: str) -> EntityAnswer:
    """The profile of an entity, with its records in force counted; two questions to the view."""
    view = moment.view
    profile = view.profile(view.find(reference))
    in_force = [r for r in standing_records(moment, profile.id) if r.is_in_force]
    counts: dict[str, int] = {}
    for record in in_force:
        counts[record.kind] = counts.get(record.kind, 0) + 1
    return EntityAnswer(
        id=profile.id,
        kind=profile.kind,
        name=shown_name(profile.kind, profile.id, profile.name),
        listed=any(r.is_listed for r in in_force),
        records_in_force=counts,
        attributes={k: v for k, v in profile.attributes.items() if k not in HIDDEN},
        aliases=profile.aliases,
        former_names=_former_names(profile),
        sources={k: v for k, v in profile.sources.items() if k not in HIDDEN},
        disagreeing=_disagreeing(profile),
        **moment.heading(),
    )


def _former_names(profile: Profile) -> tuple[str, ...]:
    return tuple(shown_name(profile.kind, profile.id, name) or "" for name in profile.former_names)


def _disagreeing(profile: Profile) -> dict[str, dict[str, object]]:
    """What other sources say; another name of a natural person is masked like the first."""
    person = is_person(profile.id, profile.kind)
    found: dict[str, dict[str, object]] = {}
    for attribute, said in profile.disagreeing.items():
        if attribute in HIDDEN:
            continue
        masked = person and attribute == "name"
        found[attribute] = {
            source: shown_name(profile.kind, profile.id, str(value)) if masked else value
            for source, value in said.items()
        }
    return found


def search(moment: Moment, text: str, limit: int) -> SearchResult:
    """Entities by name, former name, part of a name, code, alias, telephone, address, pinyin, initials."""
    hits = moment.view.search(text, limit + 1)
    return SearchResult(
        entities=tuple(
            Hit(h.id, h.kind, shown_hit(h), h.in_business, h.why, h.matched) for h in hits[:limit]
        ),
        truncated=Cut("search", limit) if len(hits) > limit else None,
        **moment.heading(),
    )


def history(moment: Moment, reference: str) -> History:
    """Every fact recorded about an entity up to the moment, closed ones included, in order of recording."""
    view = moment.view
    found = view.find(reference)
    removed = removed_records(moment, found)
    facts = _shown(view.evidence(view.history(found)), removed)
    facts.sort(key=lambda f: (f.recorded_from or 0, f.recorded_to or 0, f.kind, f.id))
    naming = Naming(view)
    ends = {e for f in facts for e in (f.subject, f.object)}
    naming.note_persons(ends)
    return History(
        entity=naming.ref(found),
        facts=tuple(_history_item(f, naming) for f in facts),
        **moment.heading(),
    )


def _shown(facts: list[Fact], removed: Removed) -> list[Fact]:
    """Facts that may be told; what only the rows of a removed record say of its party goes with it."""
    told = [f for f in facts if _is_shown(f, removed)]
    rows = {e for f in facts if not _is_shown(f, removed) for e in f.evidence}
    mentions = (FactKind.PROFILE, FactKind.ALIAS)
    return [f for f in told if f.kind not in mentions or not f.evidence or not rows.issuperset(f.evidence)]


def _is_shown(fact: Fact, removed: Removed) -> bool:
    """Whether a fact may be told: not a repaired or revoked record, nor an event in the life of one."""
    if fact.kind is FactKind.EXIT:
        return not any((e.kind, e.document) in removed.documents for e in exit_event("", fact))
    return fact.kind is not FactKind.RECORD or key(fact) not in removed.keys


def _history_item(fact: Fact, naming: Naming) -> HistoryItem:
    subject = naming.profile(fact.subject)
    named_here = fact.kind in (FactKind.PROFILE, FactKind.ALIAS)
    return HistoryItem(
        fact=fact.id,
        kind=label(fact.kind),
        subject=naming.ref(fact.subject),
        object=naming.ref(fact.object) if fact.object else None,
        role=fact.role,
        name=shown_name(subject.kind, fact.subject, fact.name) if named_here else fact.name,
        valid_from=None if fact.valid_from is None else from_day(fact.valid_from),
        valid_to=None if fact.valid_to is None else from_day(fact.valid_to),
        recorded_from=None if fact.recorded_from is None else moment_text(fact.recorded_from),
        recorded_to=None if fact.recorded_to is None else moment_text(fact.recorded_to),
        share=fact.share,
        votes=fact.votes,
        amount=fact.amount,
        source=fact.source,
        details=details(fact, naming.persons),
        evidence=fact.evidence,
    )
