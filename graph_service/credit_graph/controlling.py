"""`controller`, `controlled`, `group`: rows of the bulk result, told with names, a chain of control, and what to make of it."""

from collections.abc import Sequence

import numpy as np

from graph_service.analysis.control import BASES, BOUNDARY, DERIVED, JOINT, UNDISCLOSED, Control, parents
from graph_service.analysis.stakes import Stakes
from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.in_snapshot import place_of, ref_of
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.owning import holding_facts
from graph_service.credit_graph.suspecting import suspects
from graph_service.domain.findings import FindingClass
from graph_service.domain.intervals import from_day
from graph_service.results import (
    ControlItem,
    Controlled,
    Controllers,
    Cut,
    Group,
    GroupMember,
    Groups,
    Influence,
    Sentence,
    none_found,
    standard_sentence,
)
from graph_service.results.sentences import DATA_BOUNDARY

NOTHING_CONTROLLED = Sentence("由该主体控制的企业", "enterprises that this entity controls")
NO_GROUP = Sentence("与该主体同一控制下的企业", "enterprises under common control with this entity")
FINDINGS = {
    "identified": Sentence(
        "按表决权口径，存在一名最终控制人。", "By votes there is one ultimate controller."
    ),
    "several": Sentence(
        "按表决权口径，存在多名最终控制人，全部列出。",
        "By votes there are several ultimate controllers; all are named.",
    ),
    "joint": Sentence(
        "两名股东各持一半表决权，共同控制。", "Two holders have one half of the votes each: joint control."
    ),
    "possible": Sentence(
        "表决权未全部登记，控制关系仅为可能。", "Votes are not all registered: control is only a possibility."
    ),
    "boundary": DATA_BOUNDARY,
    "undisclosed": Sentence(
        "股东或持股比例未全部登记，不能判断控制人。",
        "Holders or shares are not all registered, so that no controller can be told.",
    ),
    "none": Sentence("未识别到实际控制人。", "No controller identified; every chain of holders is complete."),
}
GROUP_LIMIT = 1000


def controllers(moment: Moment, reference: str) -> Controllers:
    """Who controls an entity, and who is suspected to where votes do not say it."""
    entity, worked, naming = moment.view.find(reference), moment.worked, Naming(moment.view)
    place, found = place_of(worked.graph, entity), worked.results(Control)
    rows = [] if place is None else list(found.of(place))
    rows.sort(key=lambda r: (found.classes[r], not found.ultimate[r], found.depth[r], found.controllers[r]))
    has_holders = place is not None and len(worked.results(Stakes).of(place)) > 0
    status = _status(found, place or 0, rows) if rows or has_holders else "undisclosed"
    items = _items(moment, naming, [(int(found.controllers[r]), place or 0, r) for r in rows])
    return Controllers(
        entity=naming.ref(entity), status=status, finding=FINDINGS[status], controllers=items,
        suspected=() if place is None else suspects(moment, naming, place),
        significant_influence=() if place is None else _influence(moment, naming, place), **moment.heading(),
    )  # fmt: skip


def _status(found: Control, place: int, rows: Sequence[int]) -> str:
    """What the controllers found amount to; that there is none is said only where every chain is complete."""
    top = sum(bool(found.ultimate[r]) for r in rows)
    if top:
        return "identified" if top == 1 else "several"
    if found.notes[place] & JOINT:
        return "joint"
    if rows:
        return "possible"
    if found.notes[place] & BOUNDARY:
        return "boundary"
    return "undisclosed" if found.notes[place] & UNDISCLOSED else "none"


def controlled(moment: Moment, reference: str, limit: int = GROUP_LIMIT) -> Controlled:
    """What an entity controls."""
    entity, worked, naming = moment.view.find(reference), moment.worked, Naming(moment.view)
    place, found = place_of(worked.graph, entity), worked.results(Control)
    rows = np.zeros(0, np.int64) if place is None else found.of_controller(place)
    order = sorted(rows.tolist(), key=lambda r: (found.classes[r], found.depth[r], r))
    pairs = [(place or 0, int(np.searchsorted(found.firsts, r, side="right")) - 1, r) for r in order[:limit]]
    items = _items(moment, naming, pairs)
    return Controlled(
        entity=naming.ref(entity), controlled=items,
        truncated=Cut("controlled", limit, len(order)) if len(order) > limit else None,
        none_found=None if items else none_found(from_day(moment.judged_on), NOTHING_CONTROLLED), **moment.heading(),
    )  # fmt: skip


def group(moment: Moment, reference: str, limit: int = GROUP_LIMIT) -> Groups:
    """The enterprises under common control with an entity, as a tree under each ultimate controller."""
    entity, worked, naming = moment.view.find(reference), moment.worked, Naming(moment.view)
    place, found = place_of(worked.graph, entity), worked.results(Control)
    tops: list[int] = []
    if place is not None:
        tops = sorted({int(found.controllers[r]) for r in found.of(place) if found.ultimate[r]})
        tops = tops or ([place] if len(found.of_controller(place)) else [])
    groups = tuple(_group(moment, top, limit) for top in tops)
    sizes = max((g.size for g in groups), default=0)
    return Groups(
        entity=naming.ref(entity), groups=groups,
        truncated=Cut("group", limit, sizes) if sizes > limit else None,
        none_found=None if groups else none_found(from_day(moment.judged_on), NO_GROUP), **moment.heading(),
    )  # fmt: skip


def _group(moment: Moment, top: int, limit: int) -> Group:
    worked = moment.worked
    found, graph = worked.results(Control), worked.graph
    rows = found.of_controller(top)
    rows = rows[found.classes[rows] == DERIVED]
    companies = np.searchsorted(found.firsts, rows, side="right") - 1
    above = parents(found, worked.results(Stakes), rows)
    order = np.lexsort((companies, found.depth[rows]))[:limit]
    members = tuple(
        GroupMember(
            ref_of(graph, int(companies[i])),
            ref_of(graph, int(above[i])) if above[i] >= 0 else None,
            int(found.depth[rows[i]]),
            float(found.lower[rows[i]]),
        )
        for i in order
    )
    return Group(ref_of(graph, top), len(rows), members)


def _items(moment: Moment, naming: Naming, pairs: list[tuple[int, int, int]]) -> tuple[ControlItem, ...]:
    """Controller, company and row of the bulk result, in words."""
    worked = moment.worked
    found, ids = worked.results(Control), worked.graph.nodes.ids
    naming.read({ids[p] for pair in pairs for p in pair[:2]})
    classes = (FindingClass.DERIVED, FindingClass.LEAD)
    return tuple(
        ControlItem(
            controller=naming.ref(ids[controller]),
            enterprise=naming.ref(ids[company]),
            votes_lower=float(found.lower[row]),
            votes_upper=float(found.upper[row]),
            depth=int(found.depth[row]),
            basis=BASES[found.bases[row]],
            ultimate=bool(found.ultimate[row]),
            chain=relation_items(
                moment, naming, holding_facts(moment, ids.many(chain(moment, controller, company)))
            ),
            statement=standard_sentence(classes[found.classes[row]]),
            class_=classes[found.classes[row]],
        )
        for controller, company, row in pairs
    )


def chain(moment: Moment, controller: int, company: int) -> list[int]:
    """One chain of control, controller first: each step the holder of most votes on the controller's side."""
    worked = moment.worked
    found, held = worked.results(Control), worked.results(Stakes)
    path, at = [company], company
    while at != controller and len(path) < 100:
        rows = [r for r in found.of(at) if found.controllers[r] == controller]
        above = int(parents(found, held, np.array(rows[:1], np.int64))[0]) if rows else -1
        above = controller if above < 0 else above
        if above in path:
            break
        path.append(above)
        at = above
    return path[::-1]


def _influence(moment: Moment, naming: Naming, place: int) -> tuple[Influence, ...]:
    """Holders with at least the threshold of significant influence that are no controllers."""
    worked = moment.worked
    held, found, ids = worked.results(Stakes), worked.results(Control), worked.graph.nodes.ids
    least = moment.rules.threshold("significant_influence").value - 1e-9
    directing = {int(found.controllers[r]) for r in found.of(place) if found.classes[r] == DERIVED}
    rows = [
        r
        for r in held.of(place)
        if held.votes[r] >= least and int(held.holders[r]) not in directing | {place}
    ]
    rows.sort(key=lambda r: (-held.votes[r], held.holders[r]))
    return tuple(Influence(naming.ref(ids[int(held.holders[r])]), float(held.votes[r])) for r in rows)
