"""Associations with listed entities: the findings of a snapshot, told with names, evidence and what ended since."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph_service.analysis.associations import RULE
from graph_service.analysis.associations import Associations as Findings
from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.in_snapshot import edge_facts, place_of
from graph_service.credit_graph.listed import record_items
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.recording import Standing, standing_records
from graph_service.domain.errors import NoSnapshot
from graph_service.domain.facts import Fact
from graph_service.domain.intervals import from_day
from graph_service.projection import CsrGraph
from graph_service.results import Association, Associations, Cut, LeftOut, Sentence, none_found
from graph_service.results.sentences import LEAD

NOTHING = Sentence("关联的已列入名单主体", "listed entities connected with this one")


@dataclass(frozen=True, slots=True)
class Computed:
    """Findings, and the graph whose places they speak of; `cut`: where too much was around to look at all of it."""

    graph: CsrGraph
    findings: Findings
    cut: Cut | None = None


@dataclass(slots=True)
class Telling:
    """One answer in the making: what it is told from, and the findings that an objection pauses."""

    moment: Moment
    computed: Computed
    naming: Naming
    paused: int = 0


def associations(moment: Moment, computed: Computed, reference: str) -> Associations:
    """The nearest listed entities around one.

    A finding that cites a record which ended, was repaired or revoked since is left out; one whose records are all
    under objection pauses.
    """
    entity = moment.view.find(reference)
    telling = Telling(moment, computed, Naming(moment.view))
    place = place_of(computed.graph, entity)
    row = None if place is None else computed.findings.row_of(place)
    told = [] if row is None else list(_told(telling, row))
    return Associations(
        entity=telling.naming.ref(entity),
        associations=tuple(told),
        paused=telling.paused + (0 if row is None else int(computed.findings.paused[row])),
        hubs=() if place is None else _hubs(telling, place),
        none_found=None if told else none_found(from_day(moment.judged_on), NOTHING),
        truncated=computed.cut or (None if row is None else _cut(computed.findings, row)),
        **moment.heading(),
    )


def snapshot_findings(moment: Moment) -> Computed:
    """The findings of the moment's snapshot. Raises NoSnapshot."""
    if moment.snapshot is None:
        message = "The associations of all entities stand in snapshots only; `credit-graph refresh` makes one of today."
        raise NoSnapshot(message)
    return Computed(moment.snapshot.graph, moment.snapshot.associations)


def _told(telling: Telling, row: int) -> Iterator[Association]:
    findings = telling.computed.findings
    for at in range(int(findings.firsts[row]), int(findings.firsts[row + 1])):
        found = _association(telling, at, int(findings.enterprises[row]))
        if found is not None:
            yield found


def _association(telling: Telling, at: int, start: int) -> Association | None:
    moment, naming = telling.moment, telling.naming
    ids, findings = telling.computed.graph.nodes.ids, telling.computed.findings
    target = moment.view.canonical(ids[int(findings.targets[at])])
    listing = [s for s in standing_records(moment, target) if s.is_listed]
    citable = frozenset(s.fact.id for s in listing if s.seeds)
    if not citable:
        telling.paused += any(_is_objected(s) for s in listing)
        return None
    records = tuple(r for r in record_items(moment, target, naming) if r.fact in citable)
    return Association(
        enterprise=naming.ref(ids[start]),
        target=naming.ref(target),
        rule=RULE,
        strength=round(float(findings.strengths[at]), 6),
        hops=int(findings.hops[at]),
        records=records,
        path=relation_items(moment, naming, path_facts(moment, telling.computed, at)),
        statement=LEAD,
    )


def _is_objected(standing: Standing) -> bool:
    return standing.status.value == "objected"


def path_facts(moment: Moment, computed: Computed, at: int) -> list[Fact]:
    """The facts that a finding's path rests on, in its order."""
    edges = computed.findings.path_edges[at]
    return [fact for e in edges[edges >= 0] for fact in edge_facts(moment, computed.graph, int(e))]


def _hubs(telling: Telling, place: int) -> tuple[LeftOut, ...]:
    graph, naming = telling.computed.graph, telling.naming
    places = [int(p) for p in telling.computed.findings.hubs_of(place)]
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


def most_associated(computed: Computed, limit: int) -> list[str]:
    """Ids of the enterprises with most findings, by their summed strength, then by id."""
    findings = computed.findings
    total = np.zeros(len(findings.enterprises))
    np.add.at(total, np.repeat(np.arange(len(total)), np.diff(findings.firsts)), findings.strengths)
    order = np.lexsort((findings.enterprises, -total))[:limit]
    return [computed.graph.nodes.ids[int(findings.enterprises[i])] for i in order if total[i] > 0]
