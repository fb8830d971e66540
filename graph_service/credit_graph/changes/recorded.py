"""Recorded facts that differ: attributes, registered changes, relations, records."""

from collections.abc import Iterator
from typing import Any

from graph_service.credit_graph.changes.pair import Pair, Side, Told
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import details, shown_name
from graph_service.credit_graph.recording import Standing, key, removed_records, standing_records
from graph_service.credit_graph.telling import day_of, title_of
from graph_service.domain.facts import Fact, FactKind, label
from graph_service.domain.findings import FindingClass
from graph_service.domain.sanctions import RecordStatus
from graph_service.results import Change, Sentence
from graph_service.results.sentences import RELATION_WORDS

ATTRIBUTES = {
    "name": Sentence("名称", "name"),
    "status": Sentence("登记状态", "registration status"),
    "capital": Sentence("注册资本", "registered capital"),
    "paid_in": Sentence("实缴资本", "paid-in capital"),
    "currency": Sentence("币种", "currency"),
    "type": Sentence("企业类型", "type"),
    "industry": Sentence("行业代码", "industry"),
    "region": Sentence("行政区划", "region"),
    "registrar": Sentence("登记机关", "registration authority"),
    "scope": Sentence("经营范围", "business scope"),
    "founded": Sentence("成立日期", "founded"),
    "approved": Sentence("核准日期", "approved"),
    "term_from": Sentence("营业期限自", "term from"),
    "term_to": Sentence("营业期限至", "term to"),
    "revoked": Sentence("吊销日期", "licence revoked"),
    "deregistered": Sentence("注销日期", "deregistered"),
    "regno": Sentence("注册号", "registration number"),
}
UNSHOWN = frozenset({"candidate", "masked", "in_business", "closed"})  # keyed hashes; what others say already
Link = tuple[FactKind, str, str | None, str | None]
FACT = FindingClass.FACT
REMOVED = Sentence(
    "有{n}条记录已修复或撤销，已终止公示并停止使用。",
    "{n} of its records were repaired or revoked and are no longer used.",
)
STATUS = Sentence("记录状态由“{}”变为“{}”：{}", "record went from {} to {}: {}")


def recorded(pair: Pair) -> Told:
    """All that sources say differently."""
    told = [*_attributes(pair), *_registered(pair), *_relations(pair), *_records(pair)]
    return Told(tuple(told))


def _attributes(pair: Pair) -> Iterator[Change]:
    before, now = _said(pair.before), _said(pair.now)
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name), now.get(name)
        if old != new:
            title = ATTRIBUTES.get(name, Sentence(name, name))
            kind = "began" if old is None else "ended" if new is None else "changed"
            zh = [_status(pair.now.moment, v) if name == "status" else _shown(v) for v in (old, new)]
            sentence = Sentence(
                f"{title.zh}由“{zh[0]}”变为“{zh[1]}”。", f"{title.en}: {_shown(old)} → {_shown(new)}."
            )
            yield Change("attribute", kind, name, None, old, new, None, sentence, FACT)


def _shown(value: Any) -> str:
    return "无" if value is None else f"{value:,.0f}" if isinstance(value, float) else str(value)


def _status(moment: Moment, code: Any) -> str:
    """A registration status in the words of its table."""
    entry = moment.rules.table("registration_status").find(str(code)) if code else None
    return entry.title_zh if entry else _shown(code)


def _said(side: Side) -> dict[str, Any]:
    if side.entity is None:
        return {}
    profile = side.moment.view.profile(side.entity)
    said = {
        k: v for k, v in profile.attributes.items() if k not in UNSHOWN and isinstance(v, str | int | float)
    }
    return {k: v if isinstance(v, bool | str) else float(v) for k, v in said.items()} | {
        "name": shown_name(profile.kind, profile.id, profile.name)
    }


def _registered(pair: Pair) -> Iterator[Change]:
    """Changes that the register itself reports, dated between the two days."""
    now = pair.now
    if now.entity is None:
        return
    low, high = pair.before.moment.view.as_of, now.moment.view.as_of
    facts = [
        f for f in now.moment.view.history(now.entity)
        if f.kind is FactKind.CHANGE and f.recorded_to is None and f.valid_from is not None and low < f.valid_from <= high
    ]  # fmt: skip
    pair.naming.note_persons(e for f in facts for e in (f.subject, f.object))
    for fact in facts:
        said = details(fact, pair.naming.persons)
        old, new, item = said.get("before"), said.get("after"), fact.role or ""
        title = ATTRIBUTES.get(item, Sentence(str(said.get("item") or item), item))
        sentence = Sentence(
            f"{day_of(fact.valid_from)}登记变更：{title.zh}由“{_shown(old)}”变为“{_shown(new)}”。",
            f"Registered change of {title.en} on {day_of(fact.valid_from)}: {_shown(old)} → {_shown(new)}.",
        )
        yield Change(
            "registered_change",
            "changed",
            item,
            None,
            old,
            new,
            day_of(fact.valid_from),
            sentence,
            FACT,
            (fact.id,),
        )


def _relations(pair: Pair) -> Iterator[Change]:
    before, now = _links(pair.before), _links(pair.now)
    pair.naming.read({e for link in before.keys() | now.keys() for e in link[1:3]})
    for link in sorted(before.keys() | now.keys(), key=str):
        old, new = before.get(link), now.get(link)
        if old is None and new is not None:
            yield _relation(pair, "began", new, None, new.share)
        elif new is None and old is not None:
            yield _relation(pair, "ended", old, old.share, None)
        elif old is not None and new is not None and old.share != new.share:
            yield _relation(pair, "changed", new, old.share, new.share)


def _links(side: Side) -> dict[Link, Fact]:
    facts = [] if side.entity is None else side.moment.view.relations(side.entity)
    return {(f.kind, f.subject, f.object, f.role): f for f in facts}


def _relation(pair: Pair, kind: str, fact: Fact, old: float | None, new: float | None) -> Change:
    words, verb = {"began": "新增", "ended": "终止", "changed": "变更"}, RELATION_WORDS[label(fact.kind)]
    subject, object_ = pair.ref(fact.subject), pair.ref(fact.object or fact.subject)
    ends = subject.name or subject.id, object_.name or object_.id
    day = day_of(fact.valid_to if kind == "ended" else fact.valid_from)
    share = (
        f"，持股比例{_percent(old)}→{_percent(new)}"
        if kind == "changed"
        else f" {_percent(new or old)}"
        if new or old
        else ""
    )
    sentence = Sentence(
        f"{words[kind]}：{ends[0]} {verb.zh} {ends[1]}{share}{f'（{day}）' if day else ''}。",
        f"{kind.capitalize()}: {ends[0]} {verb.en} {ends[1]}{f' ({day})' if day else ''}.",
    )
    other = object_ if fact.subject in {pair.now.entity, pair.before.entity} else subject
    return Change("relation", kind, label(fact.kind), other, old, new, day, sentence, FACT, (fact.id,))


def _percent(share: float | None) -> str:
    return "未知" if share is None else f"{share * 100:.4g}%"


def _records(pair: Pair) -> Iterator[Change]:
    before, now = _standing(pair.before), _standing(pair.now)
    for id_ in sorted(before.keys() | now.keys(), key=str):
        old, new = before.get(id_), now.get(id_)
        if new is not None and (old is None or old.status != new.status):
            yield _record(pair.now.moment, old, new)
    removed = _removed(pair)
    if removed:
        sentence = Sentence(REMOVED.zh.format(n=removed), REMOVED.en.format(n=removed))
        yield Change("record", "ended", "record", None, None, None, None, sentence, FACT)


def _standing(side: Side) -> dict[Any, Standing]:
    if side.entity is None:
        return {}
    return {key(s.fact): s for s in standing_records(side.moment, side.entity)}


def _record(moment: Moment, old: Standing | None, new: Standing) -> Change:
    title = title_of(moment, new.kind)
    document = new.fact.attributes.get("document") or ""
    what = f"{title}{f'（{document}）' if document else ''}"
    if old is None:
        day = day_of(new.fact.valid_from)
        sentence = Sentence(
            f"新增记录：{what}，{day or '起始日未知'}起。", f"New record: {new.kind} {document}, since {day}."
        )
        return Change(
            "record", "began", new.kind, None, None, new.shown_status, day, sentence, FACT, (new.fact.id,)
        )
    is_end = new.status is RecordStatus.EXPIRED
    sentence = Sentence(
        STATUS.zh.format(old.status.title_zh, new.status.title_zh, what),
        STATUS.en.format(old.status.value, new.status.value, f"{new.kind} {document}"),
    )
    kind, day = "ended" if is_end else "changed", day_of(new.fact.valid_to) if is_end else None
    return Change(
        "record",
        kind,
        new.kind,
        None,
        old.shown_status,
        new.shown_status,
        day,
        sentence,
        FACT,
        (new.fact.id,),
    )


def _removed(pair: Pair) -> int:
    """How many records that counted before were repaired or revoked: no more than their number is told."""
    before, now = pair.before, pair.now
    if before.entity is None or now.entity is None:
        return 0
    gone = removed_records(now.moment, now.entity).keys
    day = before.moment.view.as_of
    return len({key(f) for f in before.moment.view.records(before.entity)
                if f.kind is FactKind.RECORD and key(f) in gone and f.is_valid_on(day)})  # fmt: skip
