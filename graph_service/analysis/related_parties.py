"""Related parties (关联方) of an enterprise by three definitions, each told apart: company law, CAS 36, the 5 % rule.

Definitions. `company_law` (公司法 265(4)): controllers and holders of more than half, directors, supervisors and senior
managers; what these control; what the enterprise controls. `cas36` (企业会计准则第36号): parents, subsidiaries, sisters under
one controller, joint controllers, holders with significant influence, associates, key managers. `five_percent` (上市公司信息披露
管理办法): holders of 5 % or more of the interest, directors, supervisors and senior managers, and what either controls. That a
state body controls both makes nobody related. Kin only where a feed tells of it, which none does. Cost: what the parties control.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graph_service.analysis.control import DERIVED, JOINT, Control
from graph_service.analysis.ownership import Interests
from graph_service.analysis.stakes import Stakes
from graph_service.domain.facts import FactKind
from graph_service.projection.graph import CsrGraph

DEFINITIONS = ("company_law", "cas36", "five_percent")
OFFICES = (int(FactKind.REPRESENTS), int(FactKind.MANAGES))
MARGIN = 1e-9


@dataclass(frozen=True, slots=True)
class Related:
    """`party`: a place; `role`: what makes it related; `over`: the party through which it is, the enterprise itself for none."""

    party: int
    role: str
    over: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the definitions look at, and the thresholds of significant influence and of the 5 % rule."""

    graph: CsrGraph
    day: int
    held: Stakes
    interests: Interests
    control: Control
    influence: float
    five: float


def related_parties(around: Surroundings, enterprise: int, definition: str) -> list[Related]:
    """The related parties of an enterprise by one definition, each once, in the order of the definition.

    >>> from tests.graphs import holds, related_in
    >>> related_in([holds("p:1", "e:1", 0.6), holds("p:1", "e:2", 0.7), holds("p:2", "e:1", 0.12)], "e:1", "company_law")
    [('p:1', 'controller'), ('e:2', 'common_controller')]
    """
    rules = {"company_law": _company_law, "cas36": _cas36, "five_percent": _five_percent}
    told: dict[int, Related] = {}
    for related in rules[definition](around, enterprise):
        if related.party != enterprise:
            told.setdefault(related.party, related)
    return list(told.values())


def _company_law(around: Surroundings, e: int) -> Iterator[Related]:
    controllers = [(c, "controller") for c in _controllers(around, e)]
    officers = [(p, "officer") for p in _officers(around, e)]
    for party, role in (*controllers, *officers):
        yield Related(party, role, e)
    for company in _controlled(around, e):
        yield Related(company, "controlled", e)
    for party, role in (*controllers, *officers):
        if not _is_state(around, party):
            for company in _controlled(around, party):
                yield Related(
                    company, "common_controller" if role == "controller" else "controlled_by_officer", party
                )


def _cas36(around: Surroundings, e: int) -> Iterator[Related]:
    for party in _controllers(around, e):
        yield Related(party, "parent", e)
    for company in _controlled(around, e):
        yield Related(company, "subsidiary", e)
    for party in _controllers(around, e):
        if not _is_state(around, party):
            for company in _controlled(around, party):
                yield Related(company, "sister", party)
    yield from _influential(around, e)
    for person in _officers(around, e):
        yield Related(person, "key_manager", e)


def _influential(around: Surroundings, e: int) -> Iterator[Related]:
    """Joint controllers, holders with significant influence, and whom the enterprise so influences."""
    held, is_joint = around.held, bool(around.control.notes[e] & JOINT)
    for row in held.of(e):
        if held.votes[row] >= around.influence - MARGIN:
            yield Related(
                int(held.holders[row]), "joint_controller" if is_joint else "significant_influence", e
            )
    for row in held.of_holder(e):
        if held.votes[row] >= around.influence - MARGIN:
            yield Related(int(held.held[row]), "associate", e)


def _five_percent(around: Surroundings, e: int) -> Iterator[Related]:
    found = around.interests
    holders = [int(found.owners[r]) for r in found.of(e) if found.lower[r] >= around.five - MARGIN]
    officers = _officers(around, e)
    for party in holders:
        yield Related(party, "holder", e)
    for person in officers:
        yield Related(person, "officer", e)
    for party in (*_controllers(around, e), *holders, *officers):
        if not _is_state(around, party):
            for company in _controlled(around, party):
                yield Related(company, "controlled_by_party", party)


def _controllers(around: Surroundings, e: int) -> list[int]:
    c = around.control
    rows = sorted(
        (r for r in c.of(e) if c.classes[r] == DERIVED), key=lambda r: (c.depth[r], c.controllers[r])
    )
    return [int(c.controllers[r]) for r in rows]


def _controlled(around: Surroundings, party: int) -> list[int]:
    c = around.control
    rows = [int(r) for r in c.of_controller(party) if c.classes[r] == DERIVED]
    return sorted({int(c.firsts.searchsorted(r, side="right")) - 1 for r in rows})


def _officers(around: Surroundings, e: int) -> list[int]:
    edges = around.graph.edges
    rows = edges.in_edges[int(edges.ins[e]) : int(edges.ins[e + 1])].tolist()
    held = [
        i for i in rows if edges.kinds[i] in OFFICES and edges.valid_from[i] <= around.day < edges.valid_to[i]
    ]
    return sorted({int(edges.subjects[i]) for i in held})


def _is_state(around: Surroundings, party: int) -> bool:
    """Whether a party is a neutral hub (a state body, a fund, somebody who lends a name), or controlled by one."""
    above = (party, *_controllers(around, party))
    return any(around.graph.hub_reason(p, around.day) is not None for p in above)
