"""What an answer says about itself in words, in Chinese and English: one wording everywhere."""

from dataclasses import dataclass
from datetime import date

from graph_service.domain.findings import (
    DERIVED_SENTENCE,
    FACT_SENTENCE,
    LEAD_SENTENCE,
    OBJECTION_SENTENCE,
    FindingClass,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for officers."""

    zh: str
    en: str


NATURES = {
    "decided": Sentence("认定", "decided"),
    "registered": Sentence("登记", "registered"),
    "self_declared": Sentence("自主公示", "self-declared"),
    "unverified": Sentence("未核实", "unverified"),
}
RELATION_WORDS = {
    "holds": Sentence("持有", "holds"),
    "represents": Sentence("担任法定代表人或负责人", "represents"),
    "manages": Sentence("任职于", "has a post in"),
    "guarantees": Sentence("担保", "guarantees"),
    "branch_of": Sentence("分支机构，隶属于", "is a branch of"),
    "located_at": Sentence("住所", "is located at"),
    "reached_at": Sentence("联系方式", "is reached at"),
    "controls_by_agreement": Sentence("协议控制", "controls by agreement"),
    "acts_in_concert": Sentence("一致行动", "acts in concert with"),
    "kin_of": Sentence("亲属", "is kin of"),
    "pledges": Sentence("出质股权", "pledges its equity in"),
}
DERIVED = Sentence(
    DERIVED_SENTENCE,
    "Computed by the stated rules from data of the stated moment; where an authority decided otherwise, its "
    "decision counts.",
)
LEAD = Sentence(
    LEAD_SENTENCE,
    "An association drawn from data, for checking only; it does not say that the entity was dishonest, and alone "
    "is no ground for an administrative decision or a credit sanction.",
)
DATA_BOUNDARY = Sentence(
    "上层股东在外地登记，未归集，控制链止于数据边界。",
    "A holder above is registered elsewhere and its own owners are in no file: the chain ends at the data boundary.",
)
OBJECTED = Sentence(OBJECTION_SENTENCE, "The party has objected; the objection is being examined.")
SAME_PERSON = Sentence(
    "姓名一致、证件号码可见位相符，尚未确认为同一人。",
    "The names are equal and the visible digits agree; not confirmed to be one person.",
)


def fact_sentence(unit: str, day: date | None, document: str | None, nature: str | None) -> Sentence:
    """Where a fact comes from: authority or department, day, document, nature."""
    kind = NATURES.get(nature or "", NATURES["registered"])
    zh = FACT_SENTENCE.format(
        unit=unit, date=f"{day:%Y年%m月%d日}" if day else "", document=document or "", nature=kind.zh
    )
    parts = [unit, day.isoformat() if day else None, document]
    return Sentence(zh, f"Source: {', '.join(p for p in parts if p)}; {kind.en}.")


def standard_sentence(finding_class: FindingClass) -> Sentence:
    """What stands under every derived finding and every lead."""
    return LEAD if finding_class is FindingClass.LEAD else DERIVED


def none_found(day: date, what: Sentence) -> Sentence:
    """That nothing was found, which says nothing about the world."""
    return Sentence(
        f"截至{day:%Y年%m月%d日}，已归集数据中未发现{what.zh}；不代表不存在。",
        f"As of {day}, the collected data show no {what.en}; that does not mean that there are none.",
    )
