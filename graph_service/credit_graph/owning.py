"""`owners` and `holdings`: rows of the bulk result, told with names, chains and remarks."""

import itertools
from dataclasses import dataclass

import numpy as np

from graph_service.analysis.chains import Chain, chains
from graph_service.analysis.control import BOUNDARY, Control
from graph_service.analysis.ownership import EXACT, LIMITED, OUTSIDE_ONLY, RING, Interests
from graph_service.analysis.stakes import Stakes
from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.in_snapshot import facts_on, place_of
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.intervals import from_day
from graph_service.projection.arrays import owner_of
from graph_service.results import Cut, Holdings, Interest, Owners, OwnershipChain, Sentence, none_found
from graph_service.results.sentences import DATA_BOUNDARY, DERIVED

NO_OWNERS = Sentence("该主体的股东", "holders of this entity")
NO_HOLDINGS = Sentence("该主体的对外投资", "holdings of this entity")
REMARKS = (
    (
        RING,
        Sentence(
            "上层存在封闭的循环持股，没有环外股东。",
            "Above lies a ring of holdings that nobody outside owns.",
        ),
    ),
    (
        OUTSIDE_ONLY,
        Sentence(
            "上层循环持股的企业过多，仅列出环外股东。",
            "Of a large ring above only owners outside it are told.",
        ),
    ),
    (
        LIMITED,
        Sentence(
            "上层股权结构过大，区间放宽。", "Too much is above to bound tightly; the intervals are wider."
        ),
    ),
)
OVER = Sentence(
    "登记的持股比例合计超过100%，按比例折算，直接持股比例为登记数。",
    "The registered shares sum to more than 100 %; they are scaled, the direct shares are as registered.",
)
UNKNOWN = Sentence("部分持股比例未登记，以区间表示。", "Some shares are not registered; intervals are told.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of one owner only, with the relations of its chains; an upper bound of at least `least`; so many."""

    owner: str | None = None
    least: float = 0.0
    limit: int = 200


def owners(moment: Moment, reference: str, wanted: Wanted) -> Owners:
    """All owners of an entity, or one."""
    entity, worked, naming = moment.view.find(reference), moment.worked, Naming(moment.view)
    place = place_of(worked.graph, entity)
    found = worked.results(Interests)
    rows = [] if place is None else list(found.of(place))
    if wanted.owner is not None:
        chosen = place_of(worked.graph, moment.view.find(wanted.owner))
        rows = [r for r in rows if found.owners[r] == chosen]
    kept, cut = _largest(found, rows, wanted, "owners")
    pairs = [(int(found.owners[r]), place or 0, r) for r in kept]
    told = _told(moment, naming, pairs, with_facts=wanted.owner is not None)
    return Owners(
        entity=naming.ref(entity), owners=told, truncated=cut,
        remarks=() if place is None else _remarks(moment, place),
        none_found=None if told else none_found(from_day(moment.judged_on), NO_OWNERS), **moment.heading(),
    )  # fmt: skip


def holdings(moment: Moment, reference: str, wanted: Wanted) -> Holdings:
    """All that an entity has an interest in."""
    entity, worked, naming = moment.view.find(reference), moment.worked, Naming(moment.view)
    place, found = place_of(worked.graph, entity), worked.results(Interests)
    rows = [] if place is None else found.of_owner(place).tolist()
    kept, cut = _largest(found, rows, wanted, "holdings")
    held = owner_of(found.firsts, np.array(kept, np.int64))
    told = _told(
        moment, naming, [(place or 0, int(c), r) for c, r in zip(held, kept, strict=True)], with_facts=False
    )
    return Holdings(
        entity=naming.ref(entity), holdings=told, truncated=cut,
        none_found=None if told else none_found(from_day(moment.judged_on), NO_HOLDINGS), **moment.heading(),
    )  # fmt: skip


def _largest(found: Interests, rows: list[int], wanted: Wanted, stage: str) -> tuple[list[int], Cut | None]:
    chosen = [r for r in rows if found.upper[r] >= wanted.least]
    chosen.sort(key=lambda r: (-found.upper[r], -found.lower[r], found.owners[r]))
    cut = Cut(stage, wanted.limit, len(chosen)) if len(chosen) > wanted.limit else None
    return chosen[: wanted.limit], cut


def _told(
    moment: Moment, naming: Naming, pairs: list[tuple[int, int, int]], *, with_facts: bool
) -> tuple[Interest, ...]:
    """Owner, company and row of the bulk result, in words."""
    worked = moment.worked
    found, held, ids = worked.results(Interests), worked.results(Stakes), worked.graph.nodes.ids
    carried = [chains(held, o, c, float(found.lower[r])) for o, c, r in pairs]
    naming.read({ids[p] for one in carried for chain in one.chains for p in chain.places})
    return tuple(
        Interest(
            owner=naming.ref(ids[owner]),
            enterprise=naming.ref(ids[company]),
            direct=float(found.direct[row]) or None,
            interest_lower=float(found.lower[row]),
            interest_upper=float(found.upper[row]),
            exact=bool(found.upper[row] - found.lower[row] <= EXACT),
            chains=tuple(_chain(moment, naming, chain, with_facts=with_facts) for chain in one.chains),
            shown=min(one.shown, float(found.lower[row])),
            statement=DERIVED,
        )
        for (owner, company, row), one in zip(pairs, carried, strict=True)
    )


def _chain(moment: Moment, naming: Naming, chain: Chain, *, with_facts: bool) -> OwnershipChain:
    ids = moment.worked.graph.nodes.ids.many(chain.places)
    facts = holding_facts(moment, ids) if with_facts else []
    relations = relation_items(moment, naming, facts)
    return OwnershipChain(tuple(map(naming.ref, ids)), chain.lower, chain.upper, relations)


def holding_facts(moment: Moment, ids: list[str]) -> list[Fact]:
    """The holdings, or agreements, by which each holds the next, on the day."""
    kinds = (FactKind.HOLDS, FactKind.CONTROLS_BY_AGREEMENT)
    return [
        fact for above, below in itertools.pairwise(ids) for fact in facts_on(moment, above, below, kinds)
    ]


def _remarks(moment: Moment, place: int) -> tuple[Sentence, ...]:
    worked = moment.worked
    held, notes = worked.results(Stakes), int(worked.results(Interests).notes[place])
    said = [sentence for bit, sentence in REMARKS if notes & bit]
    if held.sums[place] > 1 + EXACT:
        said.append(OVER)
    if held.left[place] > 0:
        said.append(UNKNOWN)
    if worked.results(Control).notes[place] & BOUNDARY:
        said.append(DATA_BOUNDARY)
    return tuple(said)
