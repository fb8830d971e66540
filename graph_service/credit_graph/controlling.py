"""`controller`, `controlled`, `group`: rows of the bulk result, told with names, a chain of control, and what to make of it."""

import itertools
from collections.abc import Sequence

import numpy as np

from graph_service.analysis.control import BASES, BOUNDARY, DERIVED, JOINT, UNDISCLOSED, Control
from graph_service.analysis.groups import Groups as Grouped
from graph_service.analysis.stakes import Stakes
from graph_service.credit_graph.control_chains import Between, acting_with, boundary_of, chain, grounds
from graph_service.credit_graph.in_snapshot import place_of, ref_of
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.suspecting import is_end, suspects
from graph_service.domain.entities import EntityKind
from graph_service.domain.errors import WrongCall
from graph_service.domain.findings import FindingClass
from graph_service.domain.intervals import from_day
from graph_service.projection.arrays import owner_of
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
from graph_service.snapshots import Worked

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
    "on_file": Sentence(
        "已归集数据中最上层的控制人已列出，其自身股东未归集，控制链止于数据边界。",
        "The last controllers on file are named; their own owners are in no file: the chain ends at the data boundary.",
    ),
    "undisclosed": Sentence(
        "股东或持股比例未全部登记，不能判断控制人。",
        "Holders or shares are not all registered, so that no controller can be told.",
    ),
    "suspected": Sentence(
        "按表决权口径未识别到控制人，疑似实际控制人按所列其他规则推算。",
        "No controller by votes; the suspected actual controller is told by other rules, which are named.",
    ),
    "none": Sentence("未识别到实际控制人。", "No controller identified; every chain of holders is complete."),
}
NEUTRAL_HEAD = Sentence(
    "该主体为公共节点，不作为集团；由其持股的企业不因此相互关联。",
    "This entity is a neutral hub and heads no group: those whom it holds are not related by it.",
)
GROUP_LIMIT = 1000
WITHOUT_CONTROLLER = {EntityKind.PERSON, EntityKind.ADDRESS, EntityKind.CONTACT}


def controllers(moment: Moment, reference: str) -> Controllers:
    """Who controls an entity, and who is suspected to where votes do not say it. Raises WrongCall for a person."""
    entity, worked, naming = moment.view.find(reference), moment.worked, Naming(moment.view)
    if naming.ref(entity).kind in WITHOUT_CONTROLLER:
        message = f"'{entity}' is no enterprise and has no controller; ask `controlled` for what it controls."
        raise WrongCall(message)
    place, found = place_of(worked.graph, entity), worked.results(Control)
    rows = [] if place is None else list(found.of(place))
    rows.sort(key=lambda r: (found.classes[r], not found.ultimate[r], found.depth[r], found.controllers[r]))
    has_holders = place is not None and len(worked.results(Stakes).of(place)) > 0
    status, finding = _status(moment, place or 0, rows) if rows or has_holders else ("undisclosed",) * 2
    suspected = () if place is None else suspects(moment, naming, place)
    if status == "none" and suspected:
        status, finding = "suspected", "suspected"
    pairs = [(int(found.controllers[r]), place or 0, r) for r in rows]
    ends = () if place is None else boundary_of(worked, place)
    return Controllers(
        entity=naming.ref(entity), status=status, finding=FINDINGS[finding],
        controllers=_items(moment, naming, pairs, with_grounds=True),
        suspected=suspected,
        significant_influence=() if place is None else _influence(moment, naming, place),
        boundary=tuple(naming.ref(worked.graph.nodes.ids[e]) for e in ends),
        remarks=(DATA_BOUNDARY,) if ends and FINDINGS[finding] != DATA_BOUNDARY else (), **moment.heading(),
    )  # fmt: skip


def _status(moment: Moment, place: int, rows: Sequence[int]) -> tuple[str, str]:
    """What the controllers found amount to, and the finding that says so.

    That there is none is said only where every chain is complete; a last controller whose own owners are in no file is
    where the data end, not where control does.
    """
    worked = moment.worked
    found = worked.results(Control)
    notes, top = int(found.notes[place]), [int(found.controllers[r]) for r in rows if found.ultimate[r]]
    if any(is_end(moment, t) or not found.notes[t] & BOUNDARY for t in top):
        return ("identified",) * 2 if len(top) == 1 else ("several",) * 2
    if top:
        return "boundary", "on_file"
    if notes & JOINT:
        return "joint", "joint"
    if rows:
        return "possible", "possible"
    said = "boundary" if notes & BOUNDARY else "undisclosed" if notes & UNDISCLOSED else "none"
    return said, said


def controlled(moment: Moment, reference: str, limit: int = GROUP_LIMIT) -> Controlled:
    """What an entity controls."""
    entity, worked, naming = moment.view.find(reference), moment.worked, Naming(moment.view)
    place, found = place_of(worked.graph, entity), worked.results(Control)
    rows = np.zeros(0, np.int64) if place is None else found.of_controller(place)
    order = sorted(rows.tolist(), key=lambda r: (found.classes[r], found.depth[r], r))
    companies = owner_of(found.firsts, np.array(order[:limit], np.int64)).tolist()
    pairs = [(place or 0, company, r) for company, r in zip(companies, order, strict=False)]
    items = _items(moment, naming, pairs, with_grounds=False)
    return Controlled(
        entity=naming.ref(entity), controlled=items,
        truncated=Cut("controlled", limit, len(order)) if len(order) > limit else None,
        none_found=None if items else none_found(from_day(moment.judged_on), NOTHING_CONTROLLED), **moment.heading(),
    )  # fmt: skip


def group(moment: Moment, reference: str, limit: int = GROUP_LIMIT) -> Groups:
    """The enterprises under common control with an entity, as a tree under each ultimate controller."""
    entity, worked, naming = moment.view.find(reference), moment.worked, Naming(moment.view)
    place, found = place_of(worked.graph, entity), worked.results(Grouped)
    names = [] if place is None else sorted(set(found.groups[found.of_member(place)].tolist()))
    groups = tuple(_group(worked, name, limit) for name in names)
    sizes = max((g.size for g in groups), default=0)
    is_hub = place is not None and len(worked.results(Control).of_controller(place)) > 0
    nothing = NEUTRAL_HEAD if is_hub else none_found(from_day(moment.judged_on), NO_GROUP)
    return Groups(
        entity=naming.ref(entity), groups=groups,
        truncated=Cut("group", limit, sizes) if sizes > limit else None,
        none_found=None if groups else nothing, **moment.heading(),
    )  # fmt: skip


def _group(worked: Worked, name: int, limit: int) -> Group:
    """A group: those who head it, then its members by depth; the heads are not their own members."""
    found, graph, held = worked.results(Grouped), worked.graph, worked.results(Control)
    rows = np.array(found.of(name), np.int64)
    is_head = found.rows[rows] < 0
    heads = [m for m in found.members[rows[is_head]].tolist() if m != name]
    below, by = rows[~is_head], found.rows[rows[~is_head]]
    order = np.lexsort((found.members[below], held.depth[by]))[:limit]
    members = tuple(
        GroupMember(
            ref_of(graph, int(found.members[below[i]])),
            ref_of(graph, int(held.via[by[i]])),
            int(held.depth[by[i]]),
            float(held.lower[by[i]]),
            bool(found.shared[below[i]]),
        )
        for i in order
    )
    return Group(ref_of(graph, name), len(below), members, tuple(ref_of(graph, h) for h in heads))


def _items(
    moment: Moment, naming: Naming, pairs: list[tuple[int, int, int]], *, with_grounds: bool
) -> tuple[ControlItem, ...]:
    """Controller, company and row of the bulk result, in words; grounds are told of ultimate controllers and possible ones."""
    worked, between = moment.worked, Between(moment, naming)
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
            chain=tuple(between.items(itertools.pairwise(chain(moment, controller, company)))),
            statement=standard_sentence(classes[found.classes[row]]),
            class_=classes[found.classes[row]],
            acting_with=tuple(naming.ref(ids[p]) for p in acting_with(worked, controller, row)),
            grounds=grounds(between, controller, row)
            if with_grounds and (found.ultimate[row] or found.classes[row] != DERIVED)
            else (),
        )
        for controller, company, row in pairs
    )


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
