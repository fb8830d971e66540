"""Block 关联提示: listed or revoked enterprises whose people, address or contact are those of the application.

Definition: an applicant represents, manages or holds the enterprise, or did until not long before its record; or the
enterprise is, or then was, at the address or contact. With two kinds of things in common soon after the record it is the
rule `reborn_from_listed`, else the rule of the one thing; a holding alone tells nothing. One lead for each enterprise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.in_snapshot import edge_facts, place_of
from graph_service.credit_graph.naming import present
from graph_service.credit_graph.prechecks.applicants import address_of, contact_of
from graph_service.credit_graph.prechecks.desk import Desk
from graph_service.domain.facts import FactKind
from graph_service.results import LeftOut, PrecheckLead, Sentence
from graph_service.results.sentences import LEAD

PERSON, ADDRESS, CONTACT = "person", "address", "contact"
REBORN = "reborn_from_listed"
RULES = {
    FactKind.REPRESENTS: "same_representative",
    FactKind.MANAGES: "same_manager",
    FactKind.LOCATED_AT: "shares_address",
    FactKind.REACHED_AT: "shares_contact",
}
POSTS = (FactKind.REPRESENTS, FactKind.MANAGES, FactKind.HOLDS)
ENOUGH = 2


@dataclass
class Links:
    """What the application has in common with each enterprise (edges by kind of thing), and which places told nothing."""

    edges: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    hubs: list[LeftOut] = field(default_factory=list)

    def add(self, firm: int, thing: str, edge: int) -> None:
        """Note a relation once."""
        known = self.edges.setdefault(firm, {}).setdefault(thing, [])
        if edge not in known:
            known.append(edge)


@dataclass(frozen=True, slots=True)
class Linked:
    """The block: the leads, how many an objection pauses, the neutral places."""

    leads: tuple[PrecheckLead, ...]
    paused: int
    hubs: tuple[LeftOut, ...]


def links(desk: Desk) -> Linked:
    """The leads, those with most in common first."""
    found = _links(desk)
    paused = 0
    leads = []
    for firm, things in found.edges.items():
        event = _event(desk, firm)
        if event is not None:
            lead = _lead(desk, firm, event, things)
            leads += [lead] if lead else []
        elif _may_be_listed(desk, firm) and desk.citing.is_objected(desk.id_of(firm)):
            paused += 1
    leads.sort(key=lambda lead: (-len(lead.in_common), -len(lead.path), lead.target.id))
    return Linked(tuple(leads), paused, tuple(found.hubs))


def _links(desk: Desk) -> Links:
    found = Links()
    for one in desk.known:
        if one.entity is not None:
            for edge, firm in desk.out_of(one.entity, POSTS):
                found.add(firm, PERSON, edge)
    for thing, entity in _places(desk):
        place = place_of(desk.graph, entity)
        reason = None if place is None else desk.graph.hub_reason(place, desk.day)
        if place is not None and reason is not None:
            ref = desk.citing.naming.ref(entity)
            found.hubs.append(LeftOut(ref.id, ref.kind, ref.name, reason))
        elif place is not None:
            for edge, firm in desk.into(place):
                found.add(firm, thing, edge)
    return found


def _places(desk: Desk) -> Iterator[tuple[str, str]]:
    """The addresses and contacts of the application that the data know."""
    asked = desk.application
    every = [(ADDRESS, address_of(a)) for a in asked.addresses] + [
        (CONTACT, contact_of(c)) for c in asked.contacts
    ]
    for thing, id_ in dict.fromkeys(every):
        entity = present(desk.moment.view, id_)
        if entity is not None:
            yield thing, entity


def _may_be_listed(desk: Desk, firm: int) -> bool:
    rows = desk.graph.records_of(firm)
    return bool(desk.graph.records.listed[rows.start : rows.stop].any())


def _event(desk: Desk, firm: int) -> int | None:
    """The day of the latest record by which an enterprise may say something about others, else of its revocation."""
    if _may_be_listed(desk, firm):
        seeding = [s for s in desk.citing.listing(desk.id_of(firm)) if s.seeds]
        if seeding:
            return max(s.life.record.term.start or 0 for s in seeding)
    day = desk.revoked_on(firm)
    new = int(desk.moment.rules.threshold("association_new_days").value)
    return day if day is not None and day > desk.day - new else None


def _lead(desk: Desk, firm: int, event: int, things: dict[str, list[int]]) -> PrecheckLead | None:
    near = {t: [e for e in edges if desk.held_near(e, event)] for t, edges in things.items()}
    near = {t: edges for t, edges in near.items() if edges}
    code = _rule(desk, event, near)
    if code is None:
        return None
    rule = next(r for r in desk.moment.rules.association_rules if r.code == code)
    edges = sorted(
        (e for some in near.values() for e in some), key=lambda e: int(desk.graph.edges.valid_from[e])
    )
    facts = [f for e in edges for f in edge_facts(desk.moment, desk.graph, e)]
    target = desk.id_of(firm)
    return PrecheckLead(
        target=desk.citing.naming.ref(target),
        rule=code,
        title=Sentence(rule.title_zh, rule.title_en),
        reason=Sentence(rule.sentence_zh, rule.sentence_en),
        legal_basis=rule.source.citation,
        in_common=tuple(t for t in (PERSON, ADDRESS, CONTACT) if t in near),
        path=relation_items(desk.moment, desk.citing.naming, facts),
        records=desk.citing.records(target),
        statement=LEAD,
    )


def _rule(desk: Desk, event: int, near: dict[str, list[int]]) -> str | None:
    """The rule that a lead goes by; None where what is in common is too little."""
    new = int(desk.moment.rules.threshold("association_new_days").value)
    if len(near) >= ENOUGH and 0 <= desk.day - event <= new:
        return REBORN
    kinds = {FactKind(int(desk.graph.edges.kinds[e])) for edges in near.values() for e in edges}
    return next((code for kind, code in RULES.items() if kind in kinds), None)
