"""Associations that came or went, each with what made it go; a record that left every answer is not named."""

from collections.abc import Iterator

from graph_service.analysis.associations import Associations as Findings
from graph_service.analysis.named_rules import CODES
from graph_service.credit_graph.associating import associations, is_cleared, rule_of
from graph_service.credit_graph.changes.pair import Pair, Side
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.recording import Standing, removed_records, standing_records
from graph_service.domain.findings import FindingClass
from graph_service.domain.sanctions import RecordStatus
from graph_service.results import Association, Change, Sentence

LEAD = FindingClass.LEAD
CLEARED = Sentence("核查人员已标记排除", "an officer cleared it")
OBJECTION = Sentence(
    "所依据的记录处于异议处理中，提示暂停", "the record that it rests on is under objection: it pauses"
)
REMOVED = Sentence(
    "所依据的记录已修复或撤销，已停止使用",
    "the record that it rested on was repaired or revoked and is no longer used",
)
EXPIRED = Sentence("所依据的记录公示期届满", "the record that it rested on expired")
GONE = Sentence("所依据的关系已不成立", "the relations that it rested on hold no more")
Key = tuple[str, str]  # rule, target


def leads(pair: Pair) -> Iterator[Change]:
    """The differences between what was found then and what is shown now."""
    now = pair.now
    if now.entity is None or now.place is None:
        return
    answer = associations(now.moment, now.entity, with_cleared=True)
    shown = {(a.rule, a.target.id): a for a in answer.associations}
    found = dict.fromkeys(_found(pair.before))
    for key in sorted(shown.keys() - found.keys()):
        if not is_cleared(shown[key]):
            yield _began(shown[key])
    for rule, target in sorted(found):
        one = shown.get((rule, target))
        if one is None or is_cleared(one):
            yield _ended(pair, (rule, target), CLEARED if one is not None else _why(now.moment, target))


def _found(side: Side) -> Iterator[Key]:
    """What analysis found then, whether or not what it rested on still stands."""
    if side.place is None:
        return
    findings, canonical = side.worked.results(Findings), side.moment.view.canonical
    for row in findings.findings_of(side.place):
        yield CODES[findings.rules[row]], canonical(side.id_of(int(findings.targets[row])))


def _began(one: Association) -> Change:
    name = one.target.name or one.target.id
    sentence = Sentence(f"新增关联提示：{one.title.zh}，{name}。", f"New lead: {one.title.en}, {name}.")
    facts = tuple(dict.fromkeys([*(s.fact for s in one.path), *(r.fact for r in one.records)]))
    return Change(
        "association", "began", one.rule, one.target, None, one.strength, None, sentence, LEAD, facts
    )


def _ended(pair: Pair, key: Key, why: Sentence) -> Change:
    rule, target = rule_of(pair.now.moment, key[0]), pair.ref(key[1])
    name = target.name or target.id
    sentence = Sentence(
        f"关联提示不再显示：{rule.title_zh}，{name}；原因：{why.zh}。",
        f"Lead gone: {rule.title_en}, {name}; {why.en}.",
    )
    return Change("association", "ended", key[0], target, None, None, None, sentence, LEAD)


def _why(moment: Moment, target: str) -> Sentence:
    """What became of that on which a finding about a target rested."""
    listing = [s for s in standing_records(moment, target) if s.is_listed]
    if any(s.seeds for s in listing):
        return GONE
    if any(_is_objected(s) for s in listing):
        return OBJECTION
    return REMOVED if removed_records(moment, target).keys else EXPIRED


def _is_objected(standing: Standing) -> bool:
    return standing.status is RecordStatus.OBJECTED
