"""Associations with listed entities: findings told with names, evidence and what ended since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from graph_service.analysis.associations import Associations as Findings
from graph_service.analysis.chains import chains
from graph_service.analysis.named_rules import CODES
from graph_service.analysis.stakes import Stakes
from graph_service.analysis.successors import REBORN, in_common
from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.citing import Citing
from graph_service.credit_graph.control_chains import chain
from graph_service.credit_graph.exposing import exposure
from graph_service.credit_graph.in_snapshot import edge_facts, place_of
from graph_service.credit_graph.marks import Marked, marks
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.owning import holding_facts
from graph_service.credit_graph.recording import Standing, standing_records
from graph_service.domain.errors import NoSnapshot
from graph_service.domain.facts import Fact
from graph_service.domain.findings import Mark, evidence_hash, finding_id
from graph_service.domain.intervals import from_day
from graph_service.projection import EVER, OPEN
from graph_service.projection.walking import Walk, neighbourhood
from graph_service.results import Association, Associations, Cut, LeftOut, RelationItem, Sentence, none_found
from graph_service.results.sentences import LEAD
from graph_service.rules.model import AssociationRule
from graph_service.snapshots import Worked, association_rules

NOTHING = Sentence("关联的已列入名单主体", "listed entities connected with this one")


@dataclass(slots=True)
class Telling:
    """One answer in the making: what it is told from, what officers marked, whom an objection pauses."""

    moment: Moment
    findings: Findings
    citing: Citing
    marked: Mapping[str, Marked]
    paused: set[str] = field(default_factory=set)

    @property
    def naming(self) -> Naming:
        """Names of whom the answer speaks of."""
        return self.citing.naming


def associations(moment: Moment, reference: str, *, with_cleared: bool = False) -> Associations:
    """The listed entities that one hangs together with, by which rules.

    A finding that cites a record which ended, was repaired or revoked since is left out; one whose records are all
    under objection pauses; one that an officer cleared is left out until its evidence changes.
    """
    entity, worked = moment.view.find(reference), moment.worked
    telling = Telling(
        moment, worked.results(Findings), Citing(moment, Naming(moment.view)), marks(moment, entity)
    )
    place = place_of(worked.graph, entity)
    row = None if place is None else telling.findings.row_of(place)
    every = [] if row is None else list(_told(telling, row))
    told = every if with_cleared else [a for a in every if not is_cleared(a)]
    return Associations(
        entity=telling.naming.ref(entity),
        associations=tuple(told),
        paused=len(telling.paused) + _paused(telling, place, row),
        hubs=() if place is None else _hubs(telling, place),
        exposure=None if place is None else exposure(telling.citing, place),
        cleared=len(every) - len(told),
        none_found=None if every else none_found(from_day(moment.judged_on), NOTHING),
        truncated=None if row is None else _cut(telling.findings, row),
        **moment.heading(),
    )


def one(moment: Moment, at: int, start: int) -> Association | None:
    """One finding about the enterprise at a place; None when what it cites stands no more."""
    telling = Telling(moment, moment.worked.results(Findings), Citing(moment, Naming(moment.view)), {})
    return _association(telling, at, start)


def finding_of(moment: Moment, findings: Findings, at: int, start: int) -> str:
    """The public id of a finding about the enterprise at a place."""
    ids, canonical = moment.worked.graph.nodes.ids, moment.view.canonical
    return finding_id(
        canonical(ids[start]), CODES[findings.rules[at]], canonical(ids[int(findings.targets[at])])
    )


def evidence_of(found: Association) -> str:
    """What a finding rests on, as one hash."""
    return evidence_hash([*(step.fact for step in found.path), *(record.fact for record in found.records)])


def is_cleared(found: Association) -> bool:
    """Whether an officer cleared a finding that rests on what it rested on then."""
    return found.mark is not None and Mark(found.mark.mark).is_cleared and not found.mark.changed


def _paused(telling: Telling, place: int | None, row: int | None) -> int:
    """Near ones that count for nothing while an objection is open; where the store moved on, as it stands by now."""
    if place is None or row is None or not telling.findings.paused[row]:
        return 0
    moment = telling.moment
    if moment.snapshot is None or not moment.has_later:
        return int(telling.findings.paused[row])
    rules, graph = association_rules(moment.rules, moment.judged_on), moment.snapshot.graph
    walk = Walk(rules.hops, moment.snapshot.as_of, rules.limit, tuple(rules.strengths))
    near = neighbourhood(graph, place, walk).nodes.tolist()
    held = [n for n in near[1:] if len(graph.records_of(n)) and not graph.is_seed(n, moment.snapshot.as_of)]
    listings = [[s for s in standing_records(moment, graph.nodes.ids[n]) if s.is_listed] for n in held]
    return sum(any(map(_is_objected, one)) and not any(s.seeds for s in one) for one in listings)


def require_snapshot(moment: Moment) -> Worked:
    """The moment's snapshot. Raises NoSnapshot."""
    if moment.snapshot is None:
        message = "The associations of all entities stand in snapshots only; `credit-graph refresh` makes one of today."
        raise NoSnapshot(message)
    return moment.snapshot


def _told(telling: Telling, row: int) -> Iterator[Association]:
    findings = telling.findings
    for at in range(int(findings.firsts[row]), int(findings.firsts[row + 1])):
        found = _association(telling, at, int(findings.enterprises[row]))
        if found is not None:
            yield found


def _association(telling: Telling, at: int, start: int) -> Association | None:
    moment, naming, findings, citing = telling.moment, telling.naming, telling.findings, telling.citing
    ids = moment.worked.graph.nodes.ids
    target = moment.view.canonical(ids[int(findings.targets[at])])
    if not citing.seeds(target) and rests_on_records(moment.worked, int(findings.targets[at])):
        telling.paused |= {target} if citing.is_objected(target) else set()
        return None
    rule = rule_of(moment, CODES[findings.rules[at]])
    found = Association(
        enterprise=naming.ref(ids[start]),
        target=naming.ref(target),
        rule=rule.code,
        title=Sentence(rule.title_zh, rule.title_en),
        reason=Sentence(rule.sentence_zh, rule.sentence_en),
        legal_basis=rule.source.citation,
        strength=round(float(findings.strengths[at]), 6),
        hops=int(findings.hops[at]),
        overlap_from=_day(int(findings.since[at])),
        overlap_to=_day(int(findings.until[at])),
        records=citing.records(target),
        path=_path(telling, at, start),
        statement=LEAD,
        finding=finding_of(moment, findings, at, start),
    )
    marked = telling.marked.get(found.finding)
    return found if marked is None else replace(found, mark=marked.said(evidence_of(found)))


def rule_of(moment: Moment, code: str) -> AssociationRule:
    """What the rules of the day say about a rule of association."""
    return next(r for r in moment.rules.association_rules if r.code == code)


def rests_on_records(worked: Worked, target: int) -> bool:
    """Whether a finding about a target rests on its being listed; else on the revocation of its licence."""
    return worked.graph.is_seed(target, worked.as_of)


def _day(day: int) -> date | None:
    return None if day in {EVER, OPEN} else from_day(day)


def _is_objected(standing: Standing) -> bool:
    return standing.status.value == "objected"


def _path(telling: Telling, at: int, start: int) -> tuple[RelationItem, ...]:
    """The relations of a finding's path; of one by control those of the chains of control."""
    edges = path_edges(telling.moment, telling.findings, at, start)
    if edges:
        return telling.citing.steps(edges)
    facts = path_facts(telling.moment, telling.findings, at, start)
    return relation_items(telling.moment, telling.naming, facts)


def path_facts(moment: Moment, findings: Findings, at: int, start: int) -> list[Fact]:
    """The facts that a finding's path rests on, in its order; of one by control the chains of control."""
    edges = path_edges(moment, findings, at, start)
    if edges:
        return [f for e in edges for f in edge_facts(moment, moment.worked.graph, e)]
    ids = moment.worked.graph.nodes.ids
    between = controlled_path(moment, findings, at, start)
    return [f for chain in between for f in holding_facts(moment, ids.many(chain))]


def path_edges(moment: Moment, findings: Findings, at: int, start: int) -> list[int]:
    """The relations that a finding rests on; of a succession those of all that the two have in common; of control none."""
    if CODES[findings.rules[at]] == REBORN:
        pairs = in_common(moment.worked.graph, moment.worked.as_of, start, int(findings.targets[at]))
        return [edge for pair in pairs for edge in pair]
    edges = findings.path_edges[at]
    return [int(e) for e in edges if e >= 0]


def controlled_path(moment: Moment, findings: Findings, at: int, start: int) -> list[list[int]]:
    """The chains, from the top, that join an enterprise and a target by control or interest."""
    target, middle = int(findings.targets[at]), int(findings.path_nodes[at, 0])
    code = CODES[findings.rules[at]]
    if middle >= 0:
        return [chain(moment, middle, start), chain(moment, middle, target)]
    if code == "beneficial_owner_listed":
        held = moment.worked.results(Stakes)
        carried = chains(held, target, start, 1.0).chains
        return [list(carried[0].places)] if carried else []
    return [chain(moment, start, target) if code == "controls_listed" else chain(moment, target, start)]


def _hubs(telling: Telling, place: int) -> tuple[LeftOut, ...]:
    graph, naming = telling.moment.worked.graph, telling.naming
    places = [int(p) for p in telling.findings.hubs_of(place)]
    refs = {p: naming.ref(graph.nodes.ids[p]) for p in places}
    day = graph.moment.as_of
    return tuple(
        LeftOut(refs[p].id, refs[p].kind, refs[p].name, graph.hub_reason(p, day) or "") for p in places
    )


def _cut(findings: Findings, row: int) -> Cut | None:
    kept = int(findings.firsts[row + 1] - findings.firsts[row])
    if findings.cut[row]:
        return Cut(f"associations, step {int(findings.cut[row])}", kept, None)
    return Cut("associations", kept, int(findings.found[row])) if findings.found[row] > kept else None


def most_associated(worked: Worked, limit: int) -> list[str]:
    """Ids of the enterprises with most findings, by their summed strength, then by id."""
    findings = worked.results(Findings)
    total = np.zeros(len(findings.enterprises))
    np.add.at(total, np.repeat(np.arange(len(total)), np.diff(findings.firsts)), findings.strengths)
    order = np.lexsort((findings.enterprises, -total))[:limit]
    return [worked.graph.nodes.ids[int(findings.enterprises[i])] for i in order if total[i] > 0]
