"""Firms that share people and places: successors of listed ones (疑似承接经营), clusters (疑似无实质经营).

Definitions. Reborn: founded at most so many days after another was listed or its licence revoked, with at least two persons,
the address, the contact and the section of industry in common, none of them a neutral hub. Shell cluster: at least so many
firms founded within a few weeks at one address and one contact, represented by few people, of which none reports paid-in
capital.
"""

from collections.abc import Iterator

import numpy as np

from graph_service.analysis.named_rules import expanded
from graph_service.analysis.patterns.finding import Pattern, Sought
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import EVER, AnyArray, Flags, Ints

PEOPLE = (FactKind.HOLDS, FactKind.REPRESENTS, FactKind.MANAGES)


def reborn(scene: Sought) -> Iterator[Pattern]:
    """The old firm, then the new one."""
    nodes, old = scene.graph.nodes, _ended(scene)
    event = np.maximum(scene.begun, np.where(old & ~scene.listed, nodes.closed, EVER))
    told: dict[tuple[int, int], dict[tuple[int, int], list[int]]] = {}
    for bit, kinds, is_person in (
        (1, PEOPLE, True), (2, (FactKind.LOCATED_AT,), False), (4, (FactKind.REACHED_AT,), False),
    ):  # fmt: skip
        one, other, edges = _sharing(scene, old, kinds, is_person=is_person)
        age = nodes.founded[other].astype(np.int64) - event[one]
        keep = (age > 0) & (age <= scene.rules["reborn_days"]) & (event[one] > EVER)
        for a, b, pair in zip(
            one[keep].tolist(), other[keep].tolist(), edges[:, keep].T.tolist(), strict=True
        ):
            thing = int(scene.graph.edges.subjects[pair[0]]) if is_person else 0
            told.setdefault((a, b), {}).setdefault((bit, thing), pair)
    for (a, b), common in sorted(told.items()):
        people = sum(bit == 1 for bit, _ in common)
        if (
            _section(scene, a) == _section(scene, b)
            and {bit for bit, _ in common} == {1, 2, 4}
            and people >= scene.rules["reborn_people"]
        ):
            path = tuple(dict.fromkeys(edge for pair in common.values() for edge in pair))
            yield Pattern("reborn", (a, b), path, min(1.0, 0.5 + people / 10), a if scene.listed[a] else -1)


def _section(scene: Sought, firm: int) -> str:
    """The section of industry of a firm; a text of its own where it is unknown."""
    code = int(scene.graph.nodes.industries[firm])
    return scene.graph.words.industries[code][:1] if code >= 0 else f"unknown {firm}"


def _ended(scene: Sought) -> Flags:
    """Firms that are listed, or whose licence was revoked."""
    graph = scene.graph
    codes = [i for i, word in enumerate(graph.words.statuses) if word.startswith("revoked")]
    gone = np.isin(graph.nodes.statuses, codes) & (graph.nodes.closed <= scene.day)
    return np.asarray(scene.firms & (scene.listed | gone))


def _sharing(
    scene: Sought, old: Flags, kinds: tuple[FactKind, ...], *, is_person: bool
) -> tuple[Ints, Ints, Ints]:
    """Old firm, other firm, and the two relations through something in common that is no hub."""
    e = scene.graph.edges
    firm, thing = (e.objects, e.subjects) if is_person else (e.subjects, e.objects)
    known = np.isin(e.kinds, [int(k) for k in kinds]) & (e.valid_from <= scene.day) & ~scene.hubs[thing]
    first = np.flatnonzero(known & old[firm]).astype(np.int32)
    row, at = expanded(e.outs if is_person else e.ins, thing[first])
    second = at.astype(np.int32) if is_person else e.in_edges[at]
    active = scene.graph.edges_on(scene.day, kinds) & scene.firms[firm]
    keep = active[second] & (firm[second] != firm[first][row])
    first, second = first[row[keep]], second[keep]
    return firm[first], firm[second], np.stack([first, second])


def shells(scene: Sought) -> Iterator[Pattern]:
    """Firms in the order of their founding."""
    e, nodes, rules = scene.graph.edges, scene.graph.nodes, scene.rules
    usable = scene.firms & (nodes.founded > EVER) & ~(nodes.paid_in > 0)
    at = scene.graph.edges_on(scene.day, (FactKind.LOCATED_AT,)) & usable[e.subjects] & ~scene.hubs[e.objects]
    chosen = np.flatnonzero(at)
    order = chosen[np.lexsort((nodes.founded[e.subjects[chosen]], e.objects[chosen]))]
    for part in np.split(order, np.flatnonzero(np.diff(e.objects[order])) + 1):
        firms = e.subjects[part]
        if len(firms) < rules["shell_least"]:
            continue
        for run in np.split(
            np.arange(len(firms)), np.flatnonzero(np.diff(nodes.founded[firms]) > rules["shell_gap_days"]) + 1
        ):
            yield from _cluster(scene, firms[run], part[run].astype(np.int32))


def _cluster(scene: Sought, firms: Ints, at: Ints) -> Iterator[Pattern]:
    rules, contacts, people = scene.rules, _ends_of(scene, firms, FactKind.REACHED_AT), _leaders(scene, firms)
    shared = sorted({c for firms_ in contacts.values() for c in firms_})
    told: list[set[int]] = []
    for contact in sorted(shared, key=lambda c: (-sum(c in held for held in contacts.values()), c)):
        mine = [i for i, firm in enumerate(firms.tolist()) if contact in contacts.get(firm, {})]
        leaders = {p for i in mine for p in people.get(int(firms[i]), {})}
        is_new = not any(set(mine) <= firms_ for firms_ in told)
        if is_new and len(mine) >= rules["shell_least"] and 0 < len(leaders) <= rules["shell_people"]:
            told.append(set(mine))
            members = tuple(int(firms[i]) for i in mine)
            edges = [edge for i in mine for edge in (int(at[i]), contacts[int(firms[i])][contact])]
            edges += [edge for i in mine for edge in people.get(int(firms[i]), {}).values()]
            yield Pattern("shell_cluster", members, tuple(edges), min(1.0, len(members) / 10))


def _ends_of(scene: Sought, firms: Ints, kind: FactKind) -> dict[int, dict[int, int]]:
    """Per firm what it is joined to by a kind of relation that it is the subject of, no hubs: place and edge."""
    e = scene.graph.edges
    row, at = expanded(e.outs, firms)
    at = at.astype(np.int32)
    keep = (e.kinds[at] == int(kind)) & _held(scene, at) & ~scene.hubs[e.objects[at]]
    out: dict[int, dict[int, int]] = {}
    for firm, edge in zip(firms[row[keep]].tolist(), at[keep].tolist(), strict=True):
        out.setdefault(firm, {})[int(e.objects[edge])] = edge
    return out


def _leaders(scene: Sought, firms: Ints) -> dict[int, dict[int, int]]:
    """Per firm who represents it: place and edge."""
    e = scene.graph.edges
    row, at = expanded(e.ins, firms)
    edges = e.in_edges[at]
    keep = (e.kinds[edges] == int(FactKind.REPRESENTS)) & _held(scene, edges)
    out: dict[int, dict[int, int]] = {}
    for firm, edge in zip(firms[row[keep]].tolist(), edges[keep].tolist(), strict=True):
        out.setdefault(firm, {})[int(e.subjects[edge])] = edge
    return out


def _held(scene: Sought, edges: AnyArray) -> Flags:
    e = scene.graph.edges
    return np.asarray((e.valid_from[edges] <= scene.day) & (scene.day < e.valid_to[edges]))
