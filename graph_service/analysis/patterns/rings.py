"""Rings: firms that hold each other (交叉持股), capital that goes round, guarantees in a ring, mutual, and joint (担保圈).

Definitions. A ring of holdings or of guarantees is a strong component of at least two firms on the day. A ring of holdings
whose relations all began within a few weeks, in equal shares, is capital that goes round. Joint: at least three firms that
guarantee one firm from the same day on. Source: strong components by Tarjan.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graph_service.analysis.patterns.finding import Pattern, Sought
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import Ints


def holdings(scene: Sought) -> Iterator[Pattern]:
    """Cross-holdings, and of them those through which capital went round."""
    e = scene.graph.edges
    for members, edges in _rings(scene, FactKind.HOLDS):
        starts, shares = _first_days(scene, edges), e.shares[edges]
        is_quick = (
            len(edges) == len(members) and int(starts.max()) - int(starts.min()) <= scene.rules["round_days"]
        )
        is_equal = (
            bool(np.isfinite(shares).all()) and shares.max() - shares.min() <= scene.rules["round_difference"]
        )
        if len(members) > 2 and is_quick and is_equal:
            yield Pattern("capital_round", members, tuple(edges.tolist()), 0.9)
        else:
            least = float(np.nan_to_num(shares, nan=0.0).min())
            yield Pattern("cross_holding", members, tuple(edges.tolist()), min(1.0, 0.5 + least))


def _first_days(scene: Sought, edges: Ints) -> Ints:
    """When each holder first held: a holding that was restated later began with its first statement."""
    e = scene.graph.edges
    out = []
    for edge in edges.tolist():
        rows = slice(int(e.outs[e.subjects[edge]]), int(e.outs[e.subjects[edge] + 1]))
        same = (e.objects[rows] == e.objects[edge]) & (e.kinds[rows] == int(FactKind.HOLDS))
        out.append(int(e.valid_from[rows][same].min()))
    return np.array(out, np.int32)


def guarantees(scene: Sought) -> Iterator[Pattern]:
    """Mutual guarantees, and rings of at least three."""
    for members, edges in _rings(scene, FactKind.GUARANTEES):
        kind = "mutual_guarantee" if len(members) == 2 else "guarantee_ring"
        yield Pattern(kind, members, tuple(edges.tolist()), len(members) / len(edges))


def joint(scene: Sought) -> Iterator[Pattern]:
    """Firms that guarantee one firm from the same day on; the guaranteed one comes first."""
    e, least = scene.graph.edges, int(scene.rules["joint_least"])
    chosen = _between_firms(scene, FactKind.GUARANTEES)
    order = chosen[np.lexsort((e.subjects[chosen], e.valid_from[chosen], e.objects[chosen]))]
    keys = np.stack([e.objects[order], e.valid_from[order]])
    breaks = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(axis=0)) + 1
    for part in np.split(order, breaks):
        guarantors = np.unique(e.subjects[part])
        if len(guarantors) >= least:
            members = (int(e.objects[part[0]]), *guarantors.tolist())
            yield Pattern("joint_guarantee", members, tuple(part.tolist()), 0.6)


def _between_firms(scene: Sought, kind: FactKind) -> Ints:
    e, usable = scene.graph.edges, scene.firms & ~scene.hubs
    chosen = scene.graph.edges_on(scene.day, (kind,)) & usable[e.subjects] & usable[e.objects]
    return np.flatnonzero(chosen & (e.subjects != e.objects)).astype(np.int32)


def _rings(scene: Sought, kind: FactKind) -> Iterator[tuple[tuple[int, ...], Ints]]:
    """Strong components of at least two firms, ascending, with the relations inside."""
    e = scene.graph.edges
    chosen = _between_firms(scene, kind)
    if not len(chosen):
        return
    nodes, ends = np.unique(np.concatenate([e.subjects[chosen], e.objects[chosen]]), return_inverse=True)
    above, below = ends[: len(chosen)], ends[len(chosen) :]
    matrix = coo_array((np.ones(len(chosen), np.int8), (above, below)), shape=(len(nodes), len(nodes)))
    _, labels = connected_components(matrix, directed=True, connection="strong")
    inside = labels[above] == labels[below]
    order = np.argsort(labels[above[inside]], kind="stable")
    edges, groups = chosen[inside][order], labels[above[inside]][order]
    for part in np.split(edges, np.flatnonzero(np.diff(groups)) + 1):
        if len(part):
            yield tuple(np.unique(np.concatenate([e.subjects[part], e.objects[part]])).tolist()), part
