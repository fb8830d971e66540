"""`patterns`: rows of the bulk result, told with names, evidence and a reason; without those whose list ended since."""

from dataclasses import dataclass, replace

import numpy as np

from graph_service.analysis.patterns import KINDS, Patterns
from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.in_snapshot import edge_facts, place_of
from graph_service.credit_graph.listed import record_items
from graph_service.credit_graph.marks import marks
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.recording import standing_records
from graph_service.credit_graph.telling import known_day
from graph_service.domain.errors import WrongCall
from graph_service.domain.findings import evidence_hash, finding_id, pattern_ends
from graph_service.domain.intervals import from_day
from graph_service.results import Cut, PatternItem, PatternsAnswer, Sentence, none_found
from graph_service.results.sentences import LEAD

NOTHING = Sentence("此类模式", "patterns of this kind")
TITLES = {
    "cross_holding": Sentence("循环持股", "cross-holding cycle"),
    "guarantee_ring": Sentence("担保圈", "guarantee ring"),
    "mutual_guarantee": Sentence("互保", "mutual guarantee"),
    "joint_guarantee": Sentence("联保", "joint guarantee"),
    "reborn": Sentence("疑似承接经营", "reborn firm"),
    "shell_cluster": Sentence("疑似无实质经营", "shell cluster"),
    "nominee": Sentence("疑似名义任职", "nominee"),
    "sudden_change": Sentence("列入前后集中变更", "sudden change"),
    "capital_round": Sentence("资本循环", "capital that goes round"),
}
REASONS = {
    "cross_holding": Sentence("这些企业相互持股，形成环。", "These firms hold each other in a ring."),
    "guarantee_ring": Sentence(
        "这些企业依次担保，形成环。", "Each of these firms guarantees for the next, in a ring."
    ),
    "mutual_guarantee": Sentence("两家企业互相担保。", "Two firms guarantee for each other."),
    "joint_guarantee": Sentence(
        "多家企业自同一日起为同一企业担保。", "Several firms guarantee for one from the same day on."
    ),
    "reborn": Sentence(
        "前一企业列入名单或被吊销后一年内设立，人员、住所、联系方式、行业均有相同。",
        "Founded within a year after the first was listed or revoked, with people, address, contact and trade in common.",
    ),
    "shell_cluster": Sentence(
        "数周内在同一住所、同一联系方式成批设立，由少数人担任法定代表人，均未报实缴出资。",
        "Founded within weeks at one address and contact, represented by few people, none with paid-in capital.",
    ),
    "nominee": Sentence(
        "一人数日内接任多家不同行业企业的法定代表人，原任仍在各企业任职。",
        "One person took over several firms of unlike trades within days; the former representative stays in them.",
    ),
    "sudden_change": Sentence(
        "列入名单前后一个月内，法定代表人、股东和名称或住所接连变更。",
        "Around the list representative, holders and name or address changed within a month.",
    ),
    "capital_round": Sentence(
        "持股成环，各笔持股几周内以相同比例相继形成。",
        "Holdings in a ring that came about within weeks in equal shares.",
    ),
}


@dataclass(frozen=True, slots=True)
class Sought:
    """Which patterns: of a kind, around an entity; at most so many; also those that an officer cleared."""

    kind: str | None = None
    of: str | None = None
    limit: int = 50
    with_cleared: bool = False


def patterns(moment: Moment, sought: Sought) -> PatternsAnswer:
    """Patterns of a kind, around an entity, or all. Raises WrongCall for an unknown kind."""
    kind, of, limit = sought.kind, sought.of, sought.limit
    if kind is not None and kind not in KINDS:
        raise WrongCall(f"there is no pattern '{kind}'; choose from {', '.join(KINDS)}.")
    found, naming = moment.worked.results(Patterns), Naming(moment.view)
    marked = marks(moment)
    told: list[PatternItem] = []
    paused = cleared = 0
    rows = _rows(moment, found, kind, of)
    for row in rows:
        if len(told) == limit:
            break
        if not stands(moment, found, row):
            paused += _is_paused(moment, found, row)
            continue
        one = told_of(moment, naming, row)
        mark = marked.get(one.finding)
        if mark is not None:
            one = replace(one, mark=mark.said(evidence_of(one)))
            if mark.clears(evidence_of(one)):
                cleared += 1
                if not sought.with_cleared:
                    continue
        told.append(one)
    return PatternsAnswer(
        patterns=tuple(told), paused=paused, cleared=cleared,
        truncated=Cut("patterns", limit, len(rows)) if len(rows) - paused - cleared > limit else None,
        none_found=None if told else none_found(from_day(moment.judged_on), NOTHING), **moment.heading(),
    )  # fmt: skip


def _rows(moment: Moment, found: Patterns, kind: str | None, of: str | None) -> list[int]:
    rows = np.arange(len(found.kinds))
    if kind is not None:
        rows = rows[found.kinds == KINDS.index(kind)]
    if of is not None:
        place = place_of(moment.worked.graph, moment.view.find(of))
        rows = np.array([r for r in rows if place in found.members_of(int(r)).tolist()], np.int64)
    return rows.tolist()


def stands(moment: Moment, found: Patterns, row: int) -> bool:
    """Whether the list that anchors a finding stood when it was found and still does, by what is known now."""
    anchor = int(found.anchors[row])
    if anchor < 0 or found.paused[row]:
        return anchor < 0
    listing = standing_records(moment, moment.worked.graph.nodes.ids[anchor])
    return any(s.is_listed and s.seeds for s in listing)


def _is_paused(moment: Moment, found: Patterns, row: int) -> bool:
    listing = standing_records(moment, moment.worked.graph.nodes.ids[int(found.anchors[row])])
    return any(s.is_listed and s.status.value == "objected" for s in listing)


def finding_of(moment: Moment, found: Patterns, row: int) -> str:
    """The public id of a pattern."""
    return finding_id(*ends_of(moment, found, row))


def ends_of(moment: Moment, found: Patterns, row: int) -> tuple[str, str, str]:
    """Enterprise, rule and target by which a pattern is marked."""
    ids = moment.worked.graph.nodes.ids.many(found.members_of(row))
    return pattern_ends(KINDS[found.kinds[row]], [moment.view.canonical(i) for i in ids])


def evidence_of(one: PatternItem) -> str:
    """What a pattern rests on, as one hash."""
    return evidence_hash([*(step.fact for step in one.evidence), *(record.fact for record in one.records)])


def told_of(moment: Moment, naming: Naming, row: int) -> PatternItem:
    """One pattern in words."""
    found = moment.worked.results(Patterns)
    graph, kind = moment.worked.graph, KINDS[found.kinds[row]]
    ids, anchor = graph.nodes.ids, int(found.anchors[row])
    naming.read(ids.many(found.members_of(row)))
    facts = [fact for edge in found.edges_of(row).tolist() for fact in edge_facts(moment, graph, edge)]
    records = record_items(moment, ids[anchor], naming) if anchor >= 0 else ()
    return PatternItem(
        kind=kind, title=TITLES[kind], members=tuple(map(naming.ref, ids.many(found.members_of(row)))),
        since=known_day(int(found.since[row])), until=known_day(int(found.until[row])), score=float(found.scores[row]),
        evidence=relation_items(moment, naming, facts), records=tuple(r for r in records if r.listed),
        reason=REASONS[kind], statement=LEAD, finding=finding_of(moment, found, row),
    )  # fmt: skip
