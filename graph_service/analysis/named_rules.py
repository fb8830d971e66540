"""Named ways in which an enterprise hangs together with a listed entity, found from the listed ones outwards.

Definition: one rule a function below, over relations that hold on the day and records in force on it; what each says and
where it stands is in the rules (`association_rules.toml`). Neutral hubs join nobody. Cost: the relations of the listed
entities, and of those one step further.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from graph_service.analysis.control import DERIVED, Control
from graph_service.analysis.ownership import Interests
from graph_service.analysis.scene import Scene
from graph_service.analysis.stakes import Stakes
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import EVER, OPEN, Flags, Floats, Ints, Longs

NEAREST = "nearest_listed"
OFFICES = (FactKind.REPRESENTS, FactKind.MANAGES)
STEPS = 2  # relations of a stored path; the chains of control are told when asked
DEBTOR = "dishonest_judgment_debtor"
QUARTER = 0.25 - 1e-9


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that named rules decide by.

    `least_share`: of a direct holding. `office_days`: before a record in which an office still counts. `new_days`: after a
    record in which a firm is new. `revoked_days`: after a revocation in which its representative is told of.
    """

    least_share: float
    office_days: int
    new_days: int
    revoked_days: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Enterprises and targets; the middle node and the edges of the path, -1 where there is none; days of overlap."""

    enterprises: Ints
    targets: Ints
    middles: Ints
    first_edges: Ints
    second_edges: Ints
    values: Floats
    hops: Ints
    since: Ints
    until: Ints


@dataclass(frozen=True, slots=True)
class Ruled(Scene):
    """What the rules look at: who holds and controls what besides, and the numbers that they decide by."""

    held: Stakes
    control: Control
    interests: Interests
    limits: Limits


def _pairs(enterprises: Ints, targets: Ints, edges: Ints, values: Floats) -> Pairs:
    """Pairs that one relation joins."""
    none = np.full(len(enterprises), -1, np.int32)
    days = np.full(len(enterprises), EVER, np.int32), np.full(len(enterprises), OPEN, np.int32)
    return Pairs(
        enterprises,
        targets,
        none,
        edges.astype(np.int32),
        none.copy(),
        values,
        np.ones_like(enterprises),
        *days,
    )


def expanded(firsts: Longs, items: Ints) -> tuple[Longs, Longs]:
    """For each item all positions firsts[i]:firsts[i+1]: the item's row, and the position."""
    counts = firsts[items + 1] - firsts[items]
    rows = np.repeat(np.arange(len(items)), counts)
    offsets = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows, firsts[items][rows] + offsets


def _direct(
    kind: FactKind, *, is_from_target: bool, value: Callable[[Ruled, Ints], Floats] | None = None
) -> Callable[[Ruled], Pairs]:
    """Pairs of one kind of relation, of which the target is the subject or the object."""

    def rule(scene: Ruled) -> Pairs:
        e, firms = scene.graph.edges, scene.firms
        chosen = np.flatnonzero(scene.graph.edges_on(scene.day, (kind,))).astype(np.int32)
        target, other = (e.subjects, e.objects) if is_from_target else (e.objects, e.subjects)
        chosen = chosen[
            scene.listed[target[chosen]] & firms[other[chosen]] & (target[chosen] != other[chosen])
        ]
        values = np.ones(len(chosen)) if value is None else value(scene, chosen)
        chosen, values = chosen[values > 0], values[values > 0]
        return _pairs(other[chosen], target[chosen], chosen, values)

    return rule


def _shares(scene: Ruled, edges: Ints) -> Floats:
    """1 for a holding of at least the least share, or of an unknown one; else 0."""
    shares = scene.graph.edges.shares[edges]
    return np.where(np.isnan(shares) | (shares >= scene.limits.least_share - 1e-9), 1.0, 0.0)


def _controller(scene: Ruled) -> Pairs:
    found = scene.control
    companies = found.controlled()
    rows = (found.classes == DERIVED) & scene.listed[found.controllers] & scene.firms[companies]
    return _without_edges(companies[rows], found.controllers[rows], found.depth[rows])


def _controls(scene: Ruled) -> Pairs:
    found = scene.control
    companies = found.controlled()
    rows = (found.classes == DERIVED) & scene.listed[companies] & scene.firms[found.controllers]
    return _without_edges(found.controllers[rows], companies[rows], found.depth[rows])


def _beneficial(scene: Ruled) -> Pairs:
    found, graph = scene.interests, scene.graph
    companies = found.companies()
    is_person = graph.nodes.kinds == graph.kind_code(EntityKind.PERSON)
    rows = (
        (found.lower >= QUARTER)
        & scene.listed[found.owners]
        & is_person[found.owners]
        & scene.firms[companies]
    )
    return _without_edges(companies[rows], found.owners[rows], np.ones(int(rows.sum()), np.int32))


def _without_edges(enterprises: Ints, targets: Ints, depth: Ints) -> Pairs:
    pairs = _pairs(enterprises, targets, np.full(len(enterprises), -1), np.ones(len(enterprises)))
    return Pairs(
        pairs.enterprises, pairs.targets, pairs.middles, pairs.first_edges, pairs.second_edges, pairs.values,
        depth.astype(np.int32), pairs.since, pairs.until,
    )  # fmt: skip


def _under_one(scene: Ruled, *, is_sister: bool) -> Pairs:
    """Firms under an ultimate controller of a listed firm that is no neutral hub: of the same parent, or not."""
    found, hubs = scene.control, scene.hubs
    companies = found.controlled()
    rows = np.flatnonzero(found.ultimate & scene.listed[companies] & ~hubs[found.controllers])
    row, at = expanded(found.controller_firsts, found.controllers[rows])
    other = found.by_controller[at]
    keep = (
        (found.classes[other] == DERIVED)
        & scene.firms[companies[other]]
        & (companies[other] != companies[rows][row])
    )
    row, other = row[keep], other[keep]
    keep = ~_in_line(found, companies[rows][row], companies[other])
    row, other = row[keep], other[keep]
    above = found.via[np.concatenate([rows[row], other])]
    same = above[: len(row)] == above[len(row) :]
    chosen = same if is_sister else ~same
    pairs = _without_edges(
        companies[other[chosen]], companies[rows][row[chosen]],
        found.depth[rows][row[chosen]] + found.depth[other[chosen]],
    )  # fmt: skip
    middles = np.where(is_sister, above[: len(row)][chosen], found.controllers[rows][row[chosen]]).astype(
        np.int32
    )
    return Pairs(
        pairs.enterprises, pairs.targets, middles, pairs.first_edges, pairs.second_edges, pairs.values, pairs.hops,
        pairs.since, pairs.until,
    )  # fmt: skip


def _in_line(found: Control, one: Ints, other: Ints) -> Flags:
    """Whether one of two controls the other: then they are no sisters, but parent and child."""
    count = len(found.firsts) - 1
    known = found.controlled().astype(np.int64) * count + found.controllers
    keys = one.astype(np.int64) * count + other, other.astype(np.int64) * count + one
    return np.isin(keys[0], known) | np.isin(keys[1], known)


def _over_person(scene: Ruled, targets: Flags, first: Flags, second: Flags) -> tuple[Ints, Ints]:
    """Pairs of relations of one subject that is no hub: (to a target, to a firm)."""
    e, hubs = scene.graph.edges, scene.hubs
    to_target = np.flatnonzero(first & targets[e.objects] & ~hubs[e.subjects]).astype(np.int32)
    row, at = expanded(e.outs, e.subjects[to_target])
    keep = second[at] & scene.firms[e.objects[at]] & (e.objects[at] != e.objects[to_target][row])
    return to_target[row[keep]], at[keep].astype(np.int32)


def _joined(scene: Ruled, to_target: Ints, to_firm: Ints, middles: Ints) -> Pairs:
    e = scene.graph.edges
    ones = np.ones(len(to_target))
    at_place = e.objects[to_target] == middles
    targets = np.where(at_place, e.subjects[to_target], e.objects[to_target])
    firms = np.where(at_place, e.subjects[to_firm], e.objects[to_firm])
    since = np.maximum(e.valid_from[to_target], e.valid_from[to_firm])
    until = np.minimum(e.valid_to[to_target], e.valid_to[to_firm])
    apart = since >= until  # the one ended before the other began: no days are told
    since, until = np.where(apart, EVER, since), np.where(apart, OPEN, until)
    return Pairs(
        firms, targets, middles, to_firm, to_target, ones, np.full(len(firms), 2, np.int32), since, until
    )


def _offices(*, is_representative: bool) -> Callable[[Ruled], Pairs]:
    """The same person in office in both, in overlapping terms, and in the listed one not long before its record."""

    def rule(scene: Ruled) -> Pairs:
        e = scene.graph.edges
        wanted = (FactKind.REPRESENTS,) if is_representative else OFFICES
        ever = np.isin(e.kinds, [int(k) for k in wanted])
        to_target, to_firm = _over_person(scene, scene.listed, ever, scene.graph.edges_on(scene.day, wanted))
        overlap = np.maximum(e.valid_from[to_target], e.valid_from[to_firm]) < np.minimum(
            e.valid_to[to_target], e.valid_to[to_firm]
        )
        known = e.valid_from[to_target] <= scene.day
        near = (
            e.valid_to[to_target]
            > scene.begun[e.objects[to_target]].astype(np.int64) - scene.limits.office_days
        )
        keep = overlap & near & known
        if not is_representative:
            both = (e.kinds[to_target] == int(FactKind.REPRESENTS)) & (
                e.kinds[to_firm] == int(FactKind.REPRESENTS)
            )
            keep &= ~both
        return _joined(scene, to_target[keep], to_firm[keep], e.subjects[to_target[keep]])

    return rule


def _shared(kind: FactKind) -> Callable[[Ruled], Pairs]:
    """Firms at a place of a listed firm that is no hub."""

    def rule(scene: Ruled) -> Pairs:
        active = scene.graph.edges_on(scene.day, (kind,))
        to_target, to_firm = _at_place(scene, scene.listed, active, active)
        return _joined(scene, to_target, to_firm, scene.graph.edges.objects[to_target])

    return rule


def _at_place(scene: Ruled, targets: Flags, first: Flags, second: Flags) -> tuple[Ints, Ints]:
    e, hubs = scene.graph.edges, scene.hubs
    to_target = np.flatnonzero(first & targets[e.subjects] & ~hubs[e.objects]).astype(np.int32)
    row, at = expanded(e.ins, e.objects[to_target])
    other = e.in_edges[at]
    keep = second[other] & scene.firms[e.subjects[other]] & (e.subjects[other] != e.subjects[to_target][row])
    return to_target[row[keep]], other[keep].astype(np.int32)


def _gone(scene: Ruled, days: int) -> Flags:
    """Firms whose licence was revoked at most so many days ago."""
    words, nodes = scene.graph.words.statuses, scene.graph.nodes
    codes = [i for i, word in enumerate(words) if word.startswith("revoked")]
    return np.isin(nodes.statuses, codes) & (nodes.closed <= scene.day) & (nodes.closed > scene.day - days)


def _reborn(scene: Ruled) -> Pairs:
    """Firms founded soon after the record or revocation of another, with two kinds of things in common."""
    e, nodes = scene.graph.edges, scene.graph.nodes
    gone = _gone(scene, scene.limits.new_days)
    event = np.maximum(scene.begun, np.where(gone, nodes.closed, EVER))
    targets = (scene.listed & scene.firms) | gone
    told: list[tuple[Ints, Ints, Ints]] = []
    for bit, kinds, over in (
        (1, (*OFFICES, FactKind.HOLDS), _over_person), (2, (FactKind.LOCATED_AT,), _at_place),
        (4, (FactKind.REACHED_AT,), _at_place),
    ):  # fmt: skip
        known = np.isin(e.kinds, [int(k) for k in kinds]) & (e.valid_from <= scene.day)
        first, second = over(scene, targets, known, scene.graph.edges_on(scene.day, kinds))
        pairs = _joined(scene, first, second, e.subjects[first] if bit == 1 else e.objects[first])
        age = nodes.founded[pairs.enterprises].astype(np.int64) - event[pairs.targets]
        keep = np.flatnonzero((age > 0) & (age <= scene.limits.new_days) & (event[pairs.targets] > EVER))
        told.append((first[keep], second[keep], np.full(len(keep), bit, np.int32)))
    first, second, bits = (np.concatenate([t[i] for t in told]) for i in range(3))
    pairs = _joined(scene, first, second, np.where(bits == 1, e.subjects[first], e.objects[first]))
    key = pairs.enterprises.astype(np.int64) * scene.graph.node_count + pairs.targets
    order = np.lexsort((bits, key))
    _, begins, which = np.unique(key[order], return_index=True, return_inverse=True)
    kinds_in = np.zeros(len(begins), np.int64)
    np.bitwise_or.at(kinds_in, which, bits[order])
    enough = np.isin(kinds_in, [3, 5, 6, 7])
    return _at(pairs, order[begins[enough]])


def _revoked(scene: Ruled) -> Pairs:
    """Persons in office who represented a firm when its licence was revoked."""
    e, gone = scene.graph.edges, _gone(scene, scene.limits.revoked_days)
    closed = scene.graph.nodes.closed[e.objects]
    then = (e.kinds == int(FactKind.REPRESENTS)) & (e.valid_from <= closed) & (closed <= e.valid_to)
    to_target, to_firm = _over_person(scene, gone, then, scene.graph.edges_on(scene.day, OFFICES))
    return _joined(scene, to_target, to_firm, e.subjects[to_target])


def _debtor(scene: Ruled) -> Pairs:
    graph = scene.graph
    seeding = graph.seeding_records_on(scene.day)
    kinds = [i for i, word in enumerate(graph.words.record_kinds) if word == DEBTOR]
    debtors = graph.nodes_with(seeding & np.isin(graph.records.kinds, kinds))
    debtors &= graph.nodes.kinds == graph.kind_code(EntityKind.PERSON)
    e = graph.edges
    chosen = np.flatnonzero(graph.edges_on(scene.day, OFFICES) & debtors[e.subjects] & scene.firms[e.objects])
    return _pairs(e.objects[chosen], e.subjects[chosen], chosen.astype(np.int32), np.ones(len(chosen)))


def _at(pairs: Pairs, rows: Longs) -> Pairs:
    return Pairs(*(getattr(pairs, name)[rows] for name in Pairs.__slots__))


RULES: dict[str, Callable[[Ruled], Pairs]] = {
    "representative_listed": _direct(FactKind.REPRESENTS, is_from_target=True),
    "controller_listed": _controller,
    "beneficial_owner_listed": _beneficial,
    "holder_listed": _direct(FactKind.HOLDS, is_from_target=True, value=_shares),
    "manager_listed": _direct(FactKind.MANAGES, is_from_target=True),
    "controls_listed": _controls,
    "invests_in_listed": _direct(FactKind.HOLDS, is_from_target=False, value=_shares),
    "sister_of_listed": lambda scene: _under_one(scene, is_sister=True),
    "group_with_listed": lambda scene: _under_one(scene, is_sister=False),
    "same_representative": _offices(is_representative=True),
    "same_manager": _offices(is_representative=False),
    "guarantees_listed": _direct(FactKind.GUARANTEES, is_from_target=False),
    "guaranteed_by_listed": _direct(FactKind.GUARANTEES, is_from_target=True),
    "shares_address": _shared(FactKind.LOCATED_AT),
    "shares_contact": _shared(FactKind.REACHED_AT),
    "reborn_from_listed": _reborn,
    "revoked_representative": _revoked,
    "debtor_in_office": _debtor,
}
CODES = (*RULES, NEAREST)


def named_pairs(scene: Ruled, codes: frozenset[str]) -> Iterator[tuple[int, Pairs]]:
    """Each rule's place in CODES and its pairs, one for each pair of entities; rules not among `codes` are off."""
    for number, (code, rule) in enumerate(RULES.items()):
        if code in codes:
            yield number, _one_each(rule(scene), scene.graph.node_count)


def _one_each(pairs: Pairs, count: int) -> Pairs:
    """Of several paths between the same two the strongest, then the one over smaller edges."""
    key = pairs.enterprises.astype(np.int64) * count + pairs.targets
    order = np.lexsort((pairs.second_edges, pairs.first_edges, pairs.hops, -pairs.values, key))
    _, begins = np.unique(key[order], return_index=True)
    return _at(pairs, order[begins])
