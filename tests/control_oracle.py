"""Who controls whom, slowly and exactly: fractions, sets, rounds; ultimate controllers by networkx."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import networkx as nx

from graph_service.domain.facts import Fact, FactKind
from tests.graphs import DAY
from tests.oracles import best_told

MARGIN = Fraction(1, 10**9)
Pair = tuple[str, str]


@dataclass(frozen=True)
class World:
    """Votes by (holder, company), scaled; companies' unknown holders and whether each list is complete."""

    votes: Mapping[Pair, Fraction]
    unknown: frozenset[Pair]
    left: Mapping[str, Fraction]
    complete: frozenset[str]
    words: frozenset[Pair]
    roots: tuple[frozenset[str], ...]

    def total(self, company: str) -> Fraction:
        return 1 - self.votes.get((company, company), Fraction(0))

    @property
    def companies(self) -> set[str]:
        return {c for _, c in self.votes} | {c for _, c in self.unknown} | {c for _, c in self.words}

    @property
    def parties(self) -> set[str]:
        return {h for h, _ in self.votes} | {h for h, _ in self.unknown} | {h for h, _ in self.words}


def world_of(facts: Sequence[Fact], complete: Iterable[str] = ()) -> World:
    """What the facts of the day say about votes."""
    told = [f for f in best_told(facts, DAY) if f.object]
    known: dict[Pair, Fraction] = {}
    unknown: set[Pair] = set()
    for fact in (f for f in told if f.kind is FactKind.HOLDS):
        pair = (fact.subject, str(fact.object))
        stated = fact.votes if fact.votes is not None else fact.share
        known[pair] = known.get(pair, Fraction(0)) + Fraction(str(stated or 0))
        unknown |= {pair} if stated is None else set()
    sums: dict[str, Fraction] = {}
    for (_, company), share in known.items():
        sums[company] = sums.get(company, Fraction(0)) + share
    left = {c: max(Fraction(0), 1 - s) for c, s in sums.items() if any(c == u for _, u in unknown)}
    unknown = {(h, c) for h, c in unknown if left[c] > 0}
    votes = {(h, c): v / max(Fraction(1), sums[c]) for (h, c), v in known.items()}
    words = frozenset(
        (f.subject, str(f.object))
        for f in told
        if f.kind is FactKind.CONTROLS_BY_AGREEMENT and f.subject != f.object
    )
    pairs = [(f.subject, str(f.object)) for f in told if f.kind is FactKind.ACTS_IN_CONCERT]
    joined: nx.Graph[str] = nx.Graph([p for p in pairs if p[0] != p[1]])
    roots = tuple(frozenset(c) for c in nx.connected_components(joined))
    return World(votes, frozenset(unknown), left, frozenset(complete), words, roots)


def votes_in(world: World, company: str, side: Iterable[str], *, upper: bool) -> Fraction:
    """Votes of a side in a company at one of the bounds."""
    mine = set(side) - {company}
    unknown = {h for h, c in world.unknown if c == company}
    known = sum((world.votes.get((h, company), Fraction(0)) for h in mine), Fraction(0))
    counts = (
        bool(unknown & mine) if upper else bool(unknown) and unknown <= mine and company in world.complete
    )
    return known + (world.left[company] if counts else 0)


def controlled(world: World, start: Iterable[str], words: Iterable[Pair], *, upper: bool) -> dict[str, int]:
    """What a set of parties controls, with the round in which that is found."""
    side, rounds = dict.fromkeys(start, 0), 0
    while True:
        rounds += 1
        new = {c for p, c in words if p in side and c not in side}
        for company in world.companies - set(side):
            total = world.total(company)
            if total > MARGIN and votes_in(world, company, side, upper=upper) > total / 2 + MARGIN * total:
                new.add(company)
        if not new:
            return {c: r for c, r in side.items() if r > 0}
        side |= dict.fromkeys(new, rounds)


def joint(world: World, *, upper: bool) -> set[Pair]:
    """What joint roots control that no party of them controls alone, told of each party that takes part."""
    found: dict[frozenset[str], set[Pair]] = {root: set() for root in world.roots}
    while True:
        before = {root: set(pairs) for root, pairs in found.items()}
        for root in world.roots:
            words = world.words | {p for r, pairs in before.items() if r != root for p in pairs}
            own = {m: set(controlled(world, [m], words, upper=upper)) for m in root}
            together = set(controlled(world, root, words, upper=upper)) - root - set().union(*own.values())
            found[root] |= _taking_part(world, own, together, words)
        if found == before:
            return {p for pairs in found.values() for p in pairs}


def _taking_part(
    world: World, own: Mapping[str, set[str]], together: set[str], words: Iterable[Pair]
) -> set[Pair]:
    links = {p for p, v in world.votes.items() if v > 0} | set(world.unknown) | set(words)
    out: set[Pair] = set()
    for member, mine in own.items():
        start = mine | {member}
        reach: nx.DiGraph[str] = nx.DiGraph()
        reach.add_nodes_from(start | together)
        reach.add_edges_from((a, b) for a, b in links if a in start | together and b in together)
        hit = set().union(*(nx.descendants(reach, s) for s in start))
        out |= {(member, c) for c in hit & together}
    return out


def relation(world: World, *, upper: bool) -> dict[Pair, int]:
    """Every pair (controller, enterprise) with its depth."""
    words = world.words | joint(world, upper=upper)
    return {
        (party, c): depth
        for party in world.parties | {p for p, _ in words}
        for c, depth in controlled(world, [party], words, upper=upper).items()
        if c != party
    }


def ultimate(pairs: Iterable[Pair], enterprise: str) -> set[str]:
    """Members of the source components of the control relation above an enterprise."""
    graph: nx.DiGraph[str] = nx.DiGraph(list(pairs))
    if enterprise not in graph:
        return set()
    above = graph.subgraph(nx.ancestors(graph, enterprise) | {enterprise})
    parts = nx.condensation(above)
    sources = (parts.nodes[n]["members"] for n in parts if parts.in_degree(n) == 0)
    return {m for members in sources for m in members} - {enterprise}
