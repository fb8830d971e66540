"""Control that is agreed: by contract, and by parties that act in concert as one joint root.

What the parties of a joint root control together and none of them controls alone is controlled by each party that has
votes in it, by way of what it controls too. Found once for each joint root, and then read like an agreement between the
party and the enterprise; joint roots that need each other are found in rounds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.analysis.control_net import Network
from graph_service.analysis.stakes import Stakes
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import Flags, Floats, Ints, Longs, Smalls
from graph_service.projection.graph import CsrGraph

AGREEMENT, CONCERT, KIN = 2, 4, 8
NO_OWNER = -1


@dataclass(frozen=True, slots=True, order=True)
class _Word:
    """That a party controls an enterprise by what was agreed; `owner`: the joint root."""

    party: int
    enterprise: int
    bits: int
    possible: bool
    owner: int
    lower: float = 0.0
    upper: float = 0.0


@dataclass(frozen=True, slots=True)
class JointRoot:
    """Parties that vote as one; `bits`: why."""

    number: int
    members: tuple[int, ...]
    bits: int


@dataclass(frozen=True, slots=True)
class Agreements:
    """`arrays`: what `control_kernels.Agreed` says. `roots`: the joint roots by acting in concert."""

    arrays: tuple[Longs, Ints, Smalls, Flags, Ints, Floats, Floats]
    roots: tuple[JointRoot, ...]

    def heads(self, heads: Ints) -> Ints:
        """The party that each holder votes with: that of its ultimate controller, joint roots as one."""
        parties = np.arange(len(heads), dtype=np.int32)
        for root in self.roots:
            parties[list(root.members)] = min(root.members)
        return parties[heads]


def joint_roots(graph: CsrGraph, stakes: Stakes, net: Network, by: tuple[int, bool]) -> Agreements:
    """Everything that is agreed on a day; `by`: the day, and whether kin count."""
    day, with_kin = by
    contracts = [
        _Word(a, b, AGREEMENT, possible=False, owner=NO_OWNER)
        for a, b in _pairs(graph, day, FactKind.CONTROLS_BY_AGREEMENT)
    ]
    roots = _roots(_pairs(graph, day, FactKind.ACTS_IN_CONCERT), CONCERT, 0)
    kin = _pairs(graph, day, FactKind.KIN_OF) if with_kin else []
    ties = [*kin, *_pairs(graph, day, FactKind.ACTS_IN_CONCERT)] if kin else []
    families = [
        r for r in _roots(ties, KIN, len(roots)) if {m for pair in kin for m in pair} & set(r.members)
    ]
    words = _settled(stakes, net, contracts, [*roots, *families])
    return Agreements(_arrays(words, graph.node_count), tuple(roots))


def _pairs(graph: CsrGraph, day: int, kind: FactKind) -> list[tuple[int, int]]:
    chosen = graph.relations_on(day, kind)
    ends = zip(graph.edges.subjects[chosen].tolist(), graph.edges.objects[chosen].tolist(), strict=True)
    return sorted({(a, b) for a, b in ends if a != b})


def _roots(pairs: Sequence[tuple[int, int]], bits: int, first: int) -> list[JointRoot]:
    """Who is joined by pairs, directly or by others."""
    of: dict[int, set[int]] = {}
    for a, b in pairs:
        joined = of.get(a, {a}) | of.get(b, {b})
        of |= dict.fromkeys(joined, joined)
    every = sorted({tuple(sorted(members)) for members in of.values()})
    return [JointRoot(first + i, members, bits) for i, members in enumerate(every)]


def _settled(stakes: Stakes, net: Network, contracts: list[_Word], roots: Sequence[JointRoot]) -> list[_Word]:
    """The contracts and what joint roots control; again until a round adds nothing."""
    words = {(w.party, w.enterprise, w.owner): w for w in contracts}
    while roots:
        before = len(words)
        sure = sum(not w.possible for w in words.values())
        for word in list(_joint(stakes, net, list(words.values()), roots)):
            key = (word.party, word.enterprise, word.owner)
            if key not in words or (words[key].possible and not word.possible):
                words[key] = word
        if (len(words), sum(not w.possible for w in words.values())) == (before, sure):
            break
    return sorted(words.values())


def _arrays(words: Sequence[_Word], count: int) -> tuple[Longs, Ints, Smalls, Flags, Ints, Floats, Floats]:
    firsts = np.zeros(count + 1, np.int64)
    parties = np.array([w.party for w in words], np.int64)
    np.cumsum(np.bincount(parties, minlength=count), out=firsts[1:])
    return (
        firsts, np.array([w.enterprise for w in words], np.int32), np.array([w.bits for w in words], np.int8),
        np.array([w.possible for w in words], np.bool_), np.array([w.owner for w in words], np.int32),
        np.array([w.lower for w in words], np.float64), np.array([w.upper for w in words], np.float64),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reach:
    """What one set of parties controls: enterprise -> (lower votes, upper votes), surely and possibly."""

    sure: dict[int, tuple[float, float]]
    possible: dict[int, tuple[float, float]]

    def all(self) -> dict[int, tuple[float, float]]:
        return self.possible | self.sure


def _joint(stakes: Stakes, net: Network, words: list[_Word], roots: Sequence[JointRoot]) -> Iterator[_Word]:
    """What each joint root controls that no party of it controls alone."""
    sets: list[tuple[tuple[int, ...], int]] = [((m,), r.number) for r in roots for m in r.members]
    sets += [(root.members, root.number) for root in roots]
    reaches = _reaches(net, _arrays(sorted(words), stakes.count), sets)
    alone = iter(reaches[: len(sets) - len(roots)])
    for root, together in zip(roots, reaches[len(sets) - len(roots) :], strict=True):
        own = {m: next(alone) for m in root.members}
        sure = _without(together.sure, [r.sure for r in own.values()], root)
        maybe = _without(together.all(), [r.all() for r in own.values()], root)
        for possible, joint in ((False, sure if root.bits == CONCERT else {}), (True, maybe)):
            mine = {m: r.all() if possible else r.sure for m, r in own.items()}
            agreed = [(w.party, w.enterprise) for w in words if w.owner != root.number]
            taking = _taking_part((stakes, agreed), joint, mine)
            for enterprise, members in taking.items():
                if possible and enterprise in sure and root.bits == CONCERT:
                    continue
                for member in sorted(members):
                    yield _Word(member, enterprise, root.bits, possible, root.number, *joint[enterprise])


def _without(
    reached: dict[int, tuple[float, float]], others: list[dict[int, tuple[float, float]]], root: JointRoot
) -> dict[int, tuple[float, float]]:
    left = set(root.members).union(*others)
    return {node: votes for node, votes in reached.items() if node not in left}


def _reaches(
    net: Network,
    arrays: tuple[Longs, Ints, Smalls, Flags, Ints, Floats, Floats],
    sets: Sequence[tuple[tuple[int, ...], int]],
) -> list[_Reach]:
    from graph_service.analysis import control_kernels as kernels  # noqa: PLC0415  (loads the compiler)

    firsts = np.cumsum([0, *(len(members) for members, _ in sets)], dtype=np.int64)
    members = np.array([m for some, _ in sets for m in some], np.int32)
    owners = np.array([owner for _, owner in sets], np.int32)
    largest = max(len(some) for some, _ in sets)
    tables = net.tables(largest + len(arrays[1])), net.tables(largest + len(arrays[1]))
    rows = kernels.controlled((firsts, members, owners), (0, len(sets)), tables, net.arrays, arrays)
    out = [_Reach({}, {}) for _ in sets]
    for whole, values, small in zip(rows[0].tolist(), rows[1].tolist(), rows[2].tolist(), strict=True):
        reach = out[whole[kernels.SET]]
        (reach.possible if small[1] else reach.sure)[whole[kernels.ENTERPRISE]] = (values[0], values[1])
    return out


def _taking_part(
    by: tuple[Stakes, Sequence[tuple[int, int]]],
    joint: dict[int, tuple[float, float]],
    own: dict[int, dict[int, tuple[float, float]]],
) -> dict[int, set[int]]:
    """Parties that have votes in each jointly controlled enterprise, themselves or through what they control."""
    stakes, agreed = by
    above: dict[int, list[int]] = {node: [party for party, e in agreed if e == node] for node in joint}
    for node in above:
        rows = np.arange(stakes.firsts[node], stakes.firsts[node + 1])
        above[node] += stakes.holders[rows[(stakes.votes[rows] > 0) | stakes.votes_unknown[rows]]].tolist()
    owners: dict[int, set[int]] = {}
    for member, reached in own.items():
        for node in (member, *reached):
            owners.setdefault(node, set()).add(member)
    found: dict[int, set[int]] = {node: set() for node in joint}
    changed = True
    while changed:
        changed = False
        for node, taking in found.items():
            for holder in above[node]:
                more = owners.get(holder, set()) | found.get(holder, set())
                changed = changed or not more <= taking
                taking.update(more)
    return found
