"""`communities`: worked out when asked for, because it takes long and nothing else rests on it."""

from typing import cast

import numpy as np

from graph_service.analysis.communities import Communities
from graph_service.analysis.communities import communities as divided
from graph_service.credit_graph.in_snapshot import place_of, ref_of
from graph_service.credit_graph.moment import Moment
from graph_service.domain.entities import EntityKind
from graph_service.domain.intervals import from_day
from graph_service.projection.arrays import MISSING
from graph_service.results import CommunitiesAnswer, Community, Cut, Sentence, none_found

NO_COMMUNITY = Sentence("该主体所在的关联社群", "community of this entity")
VIEW = Sentence(
    "按全部关系划分的社群，仅说明关联紧密，不表示同一控制。",
    "A division by all relations: it tells what hangs together closely, not who is under common control.",
)


def communities(moment: Moment, of: str | None, limit: int) -> CommunitiesAnswer:
    """The largest communities, `limit` of them; with `of` that of one entity, with `limit` members."""
    found = _of(moment)
    if of is None:
        numbers = list(range(min(limit, len(found.sizes))))
        told = tuple(_told(moment, found, n, 0) for n in numbers)
        cut = Cut("communities", limit, len(found.sizes)) if len(found.sizes) > limit else None
    else:
        place = place_of(moment.worked.graph, moment.view.find(of))
        number = MISSING if place is None else int(found.numbers[place])
        told = () if number == MISSING else (_told(moment, found, number, limit),)
        cut = Cut("communities, members", limit, told[0].size) if told and told[0].size > limit else None
    return CommunitiesAnswer(
        total=len(found.sizes), communities=told, statement=VIEW, truncated=cut,
        none_found=None if told else none_found(from_day(moment.judged_on), NO_COMMUNITY), **moment.heading(),
    )  # fmt: skip


def _of(moment: Moment) -> Communities:
    """Those of the moment, worked out once."""
    if "communities" not in moment.memo:
        moment.memo["communities"] = divided(moment.worked.graph, moment.worked.as_of)
    return cast("Communities", moment.memo["communities"])


def _told(moment: Moment, found: Communities, number: int, shown: int) -> Community:
    graph, members = moment.worked.graph, found.of(number)
    firms = int(np.sum(graph.nodes.kinds[members] == graph.kind_code(EntityKind.ENTERPRISE)))
    refs = tuple(ref_of(graph, int(place)) for place in members[:shown])
    return Community(number, len(members), firms, refs)
