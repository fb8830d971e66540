"""Associations as lines that an officer can read, with the file and row that each step rests on."""

import os
from typing import Literal

from graph_service.domain.facts import Evidence
from graph_service.results import Association, Associations, Exposure, LeadMark, RecordItem, RelationItem
from graph_service.results.sentences import RELATION_WORDS

Language = Literal["zh", "en"]


def language(chosen: str | None) -> Language:
    """The language asked for, else English where the locale is an English one, else Chinese."""
    locale = next((v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(k))), "")
    return "en" if (chosen or locale).lower().startswith("en") else "zh"


def association_lines(found: Associations, lang: Language) -> list[str]:
    """The findings about one entity: each path step by step, then the records, then what the class means."""
    zh = lang == "zh"
    lines = [str(found.entity)]
    for association in found.associations:
        lines += _lead(association, zh=zh)
    if found.none_found:
        lines.append(found.none_found.zh if zh else found.none_found.en)
    if found.paused:
        lines.append(
            f"  异议处理中，暂停提示{found.paused}条" if zh else f"  {found.paused} paused under objection"
        )
    if found.cleared:
        lines.append(
            f"  已核查排除{found.cleared}条（--cleared 显示）"
            if zh
            else f"  {found.cleared} cleared by officers, left out (--cleared shows them)"
        )
    for hub in found.hubs:
        text = "公共节点，不作关联依据" if zh else "neutral hub, left out"
        lines.append(f"  {text}: {hub.name or hub.id} ({hub.reason})")
    lines += _exposure(found.exposure, zh=zh)
    lines += [
        f"  {s}" for s in dict.fromkeys(a.statement.zh if zh else a.statement.en for a in found.associations)
    ]
    return lines


def _exposure(exposure: Exposure | None, *, zh: bool) -> list[str]:
    """The exposure, the paths that carry most of it, and what it is not; nothing where it is nothing."""
    if exposure is None or exposure.value == 0:
        return []
    said = f"  {exposure.statement.zh if zh else exposure.statement.en}"
    if exposure.value is None:
        return [said]
    lines = [f"  {'关联暴露' if zh else 'exposure'} {exposure.value:.3g}"]
    for one in exposure.paths:
        name = one.target.name or one.target.id
        lines.append(
            f"    {one.part:.0%} · {one.hops}步 · {name}"
            if zh
            else f"    {one.part:.0%} · {one.hops} steps · {name}"
        )
    return [*lines, said]


def _lead(association: Association, *, zh: bool) -> list[str]:
    title = association.title.zh if zh else association.title.en
    head = (
        f"关联提示 · {title} · {association.hops}步 · "
        if zh
        else f"lead · {title} · {association.hops} steps · "
    )
    number = f"编号 {association.finding}" if zh else f"finding {association.finding}"
    lines = [
        f"  {head}{association.target}",
        f"    {association.reason.zh if zh else association.reason.en}（{number}）",
    ]
    if association.mark:
        lines.append(f"    {mark_line(association.mark, zh=zh)}")
    lines += [f"    {step_line(step, zh=zh)}" for step in association.path]
    lines += [f"    {record_line(record, zh=zh)}" for record in association.records]
    return lines


def mark_line(mark: LeadMark, *, zh: bool) -> str:
    """An officer's word on a finding as a line."""
    changed = ("；此后证据有变" if zh else "; its evidence has changed since") if mark.changed else ""
    label = f"核查标记：{mark.title}" if zh else f"marked {mark.mark}"
    return f"{label}, {mark.date}, {mark.by}: {mark.why}{changed}"


def step_line(step: RelationItem, *, zh: bool = True) -> str:
    """A relation as a line: who does what to whom, since when, and the row that says so."""
    verb = RELATION_WORDS[step.kind].zh if zh else RELATION_WORDS[step.kind].en
    share = f" {step.share * 100:.4g}%" if step.share is not None else ""
    role = f"（{step.role}）" if zh and step.role and step.kind == "manages" else ""
    since = ""
    if step.valid_from:
        since = f"，{step.valid_from}起" if zh else f", since {step.valid_from}"
    subject, object_ = (end.name or end.id for end in (step.subject, step.object))
    return f"{subject} {verb}{role}{share} {object_}{since}{_rows(step.evidence)}"


def record_line(record: RecordItem, *, zh: bool = True) -> str:
    """A record as a line: what it is, where it comes from, on which law it rests."""
    text = record.statement.zh if zh else record.statement.en
    title = record.title if zh else record.kind
    basis = f"法律依据：{record.legal_basis}" if zh else f"legal basis: {record.legal_basis}"
    return f"{title}: {text}{_rows(record.evidence)}" + (f" {basis}" if record.legal_basis else "")


def _rows(evidence: tuple[Evidence, ...]) -> str:
    places = [f"{e.file}:{e.line}" for e in evidence]
    return f" [{', '.join(places)}]" if places else ""
