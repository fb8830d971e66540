"""The chains by which an owner has its interest in a company, those that carry most first.

Definition. A chain leads from the owner over companies to the company, each holding the next; its product is that of the
shares. The products of all chains, those that pass a company again in a cycle included, sum to the interest. Source:
best-first search; products only shrink along a chain, so that chains come in the order of their products.
"""

import heapq
from dataclasses import dataclass

from graph_service.analysis.stakes import Stakes

SHOWN = 0.99
MOST = 20  # chains
LOOKED_AT = 20_000  # beginnings of chains
AROUND = 20_000  # companies between owner and company


@dataclass(frozen=True, slots=True)
class Chain:
    """`places`: owner first, company last. `lower`: the product of the known shares; `upper`: with all that is left."""

    places: tuple[int, ...]
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Chains:
    """`shown`: the sum of the products; `cut`: the limit that was reached before enough was shown; None: none was."""

    chains: tuple[Chain, ...]
    shown: float
    cut: str | None


def chains(held: Stakes, owner: int, company: int, interest: float) -> Chains:
    """Chains until SHOWN of the interest is shown, or a limit is reached.

    >>> from graph_service.analysis.stakes import stakes
    >>> from tests.graphs import DAY, project, pyramid
    >>> graph = project(pyramid())
    >>> found = chains(stakes(graph, DAY), graph.place("p:boss"), graph.place("e:d"), 0.5)
    >>> [round(chain.lower, 3) for chain in found.chains], round(found.shown, 3)
    ([0.3, 0.2], 0.5)
    """
    between = _between(held, owner, company)
    heap: list[tuple[float, tuple[int, ...], float]] = [(-1.0, (company,), 1.0)]
    found: list[Chain] = []
    shown, looked = 0.0, 0
    while heap and not (interest > 0 and shown >= SHOWN * interest):
        upper, path, lower = heapq.heappop(heap)
        if path[0] == owner and len(path) > 1:
            found.append(Chain(path, lower, -upper))
            shown += lower
            if len(found) == MOST:
                return Chains(tuple(found), shown, None if not heap else "chains")
            continue
        looked += 1
        if looked > LOOKED_AT:
            return Chains(tuple(found), shown, "search")
        for row in held.of(path[0]):
            holder, known = int(held.holders[row]), float(held.shares[row])
            most = known + (float(held.left[path[0]]) if held.unknown[row] else 0.0)
            if most > 0 and (holder == owner or holder in between):
                heapq.heappush(heap, (upper * most, (holder, *path), lower * known))
    return Chains(tuple(found), shown, None)


def _between(held: Stakes, owner: int, company: int) -> set[int]:
    """Companies above the one and below the other."""
    above, queue = {company}, [company]
    while queue and len(above) < AROUND:
        node = queue.pop()
        for row in held.of(node):
            holder = int(held.holders[row])
            if holder not in above and (held.shares[row] > 0 or held.unknown[row]):
                above.add(holder)
                queue.append(holder)
    reached, queue = {owner}, [owner]
    while queue:
        for row in held.of_holder(queue.pop()):
            node = int(held.held[row])
            if node in above and node not in reached:
                reached.add(node)
                queue.append(node)
    return reached - {owner}
