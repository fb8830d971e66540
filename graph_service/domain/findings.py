"""What analysis says about an entity, and in which of three classes it says it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from graph_service.domain.entities import node_number

FACT_SENTENCE = "来源于{unit}{date}{document}，类型：{nature}。"
DERIVED_SENTENCE = "系统按所列规则和数据时点推算；与有权机关认定不一致的，以认定为准。"
LEAD_SENTENCE = (
    "本提示由数据关联得出，仅供核查参考，不代表该主体存在失信行为，不得单独作为行政决定或失信惩戒的依据。"
)
OBJECTION_SENTENCE = "当事人已提出异议，正在核实。"


class FindingClass(StrEnum):
    """Fact: what a source recorded. Derived: computed by a stated rule. Lead: a hint to check, nothing more."""

    FACT = "fact"
    DERIVED = "derived"
    LEAD = "lead"

    @property
    def title_zh(self) -> str:
        """The class as the product names it to an officer."""
        return {"fact": "记录事实", "derived": "系统推算", "lead": "关联提示"}[self.value]

    @property
    def caveat_zh(self) -> str:
        """The sentence that stands under every finding of this class; facts carry their source instead."""
        return {"fact": "", "derived": DERIVED_SENTENCE, "lead": LEAD_SENTENCE}[self.value]


class Mark(StrEnum):
    """What an officer says of a finding (核查标记)."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNFOUNDED = "unfounded"
    NO_ACTION = "no_action"
    PROMOTED = "promoted"

    @property
    def title_zh(self) -> str:
        """The mark as the product names it to an officer."""
        titles = ("待核查", "属实", "不属实", "无需处理", "转为核查线索")
        return dict(zip(Mark, titles, strict=True))[self]

    @property
    def is_cleared(self) -> bool:
        """Whether the finding stays out of answers until its evidence changes."""
        return self in {Mark.UNFOUNDED, Mark.NO_ACTION}


BETWEEN = "|"  # kind and members of a pattern
FINDING_DIGITS = 16, 24  # of the enterprise's number; of the whole id


def finding_id(enterprise: str, rule: str, target: str) -> str:
    """Public id of a finding, the same after every refresh: 24 hex digits, of which the first 16 tell the enterprise.

    >>> finding_id("uscc:1", "shares_address", "uscc:2") == finding_id("uscc:1", "shares_address", "uscc:2")
    True
    """
    rest = hashlib.sha256(f"{enterprise}\x1f{rule}\x1f{target}".encode()).hexdigest()
    return f"{node_number(enterprise):016x}{rest[: FINDING_DIGITS[1] - FINDING_DIGITS[0]]}"


def pattern_ends(kind: str, members: Sequence[str]) -> tuple[str, str, str]:
    """Enterprise, rule and target by which a pattern is marked and identified as other findings are: its first two members.

    The rule is the kind and a hash of all members, so that a pattern with another member is another finding.

    >>> pattern_ends("reborn", ["uscc:1", "uscc:2"])[0], pattern_ends("nominee", ["uscc:1"])[2]
    ('uscc:1', 'uscc:1')
    """
    return members[0], f"{kind}{BETWEEN}{evidence_hash(members)}", members[min(1, len(members) - 1)]


def kind_of_pattern(rule: str) -> str | None:
    """The kind of the pattern that a rule identifies; None for a rule of association."""
    kind, between, _ = rule.partition(BETWEEN)
    return kind if between else None


def evidence_hash(cited: Iterable[str]) -> str:
    """16 hex digits that say what a finding rests on: the ids of its facts and records, in any order."""
    return hashlib.sha256("\x1f".join(sorted(set(cited))).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Step:
    """One relation on a path, walked from `source` to `target`.

    `forward` is true when the relation's subject is `source`. `fact` is the id of the fact that states it.
    """

    source: str
    target: str
    kind: str
    forward: bool
    fact: str
    role: str | None = None
    share: float | None = None
    valid_from: int | None = None
    valid_to: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about `subject`, with all that it rests on: the path, the facts and the records, by id.

    When a cited record has ended, the finding must vanish: `records` is what tells.
    """

    finding_class: FindingClass
    rule: str
    subject: str
    target: str
    path: tuple[Step, ...]
    facts: tuple[str, ...]
    records: tuple[str, ...]
    legal_basis: str
    sentence_zh: str
    sentence_en: str

    @property
    def hops(self) -> int:
        """Relations between subject and target."""
        return len(self.path)
