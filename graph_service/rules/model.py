"""What the rules hold: frozen values, each with its citation and its days of validity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from graph_service.domain.identifiers import normalize_code
from graph_service.domain.intervals import Interval

GRADES = ("serious", "abnormal", "penalty", "other", "none")
SIGNS = ("adverse", "neutral", "positive")
NATURES = ("decided", "registered", "self_declared")
ROLES = (
    "legal_representative",
    "principal",
    "responsible_person",
    "actual_controller",
    "director",
    "supervisor",
    "senior_manager",
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands, how sure that is (V, K, ?), and from when to when it holds."""

    citation: str
    confirmed: str
    validity: Interval


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record about an entity.

    `listed`: in force, it makes the entity listed. `term_months`: how long one lasts whose source gives no
    end. `reaches`: the roles that its effect may reach by its own text; empty: nobody but the entity. `implies`: kinds of
    measures that law attaches to it.
    `aliases`: how feeds call the list. `notice_zh`, `notice_en`: what must stand beside every such record.
    """

    code: str
    title_zh: str
    title_en: str
    grade: str
    listed: bool
    sign: str
    nature: str
    term_months: int | None
    reaches: tuple[str, ...]
    implies: tuple[str, ...]
    aliases: tuple[str, ...]
    notice_zh: str
    notice_en: str
    source: Source


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a rule decides by. `is_strict`: more than the value, not already the value itself."""

    code: str
    value: float
    unit: str
    is_strict: bool
    title_zh: str
    title_en: str
    source: Source


@dataclass(frozen=True, slots=True)
class AssociationRule:
    """A way in which an enterprise hangs together with a listed entity. `strength` orders leads, it is no probability.

    `half_life_months`: so long after the record began a lead counts half; `needs`: what must have been loaded.
    """

    code: str
    strength: float
    half_life_months: int
    title_zh: str
    title_en: str
    sentence_zh: str
    sentence_en: str
    needs: str
    source: Source


@dataclass(frozen=True, slots=True)
class NamedHub:
    """An organisation that links thousands of unrelated firms, by its name or id."""

    code: str
    names: tuple[str, ...]
    reason_zh: str
    reason_en: str
    source: Source


@dataclass(frozen=True, slots=True)
class HubRule:
    """Hubs by their kind: of one entity kind with more relations than a threshold, or by the start of a USCC."""

    code: str
    entity_kind: str
    threshold: str
    uscc_prefixes: tuple[str, ...]
    reason_zh: str
    reason_en: str
    source: Source


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code of a table, with everything that feeds write for it.

    `variants`: `*` at the end means whatever follows. `in_business`: of a registration status. `parent`: the code above
    it. `target`: what it stands for in ours.
    """

    code: str
    title_zh: str
    title_en: str
    variants: tuple[str, ...]
    in_business: bool | None
    parent: str
    target: str
    source: Source

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that feeds write for it."""
        return tuple(s for s in (self.code, self.title_zh, self.title_en, *self.variants) if s)


@dataclass(frozen=True)
class CodeTable:
    """A table of codes: from any spelling to the code."""

    name: str
    entries: tuple[CodeEntry, ...]

    @cached_property
    def spellings(self) -> dict[str, CodeEntry]:
        """Every code, title and variant in its normal form, and the entry that it means."""
        pairs = ((normalize_code(s), e) for e in self.entries for s in e.spellings)
        return dict(reversed([*pairs]))

    def find(self, text: str) -> CodeEntry | None:
        """The entry that a cell means, whatever its width, case and spaces."""
        return find_spelled(self.spellings, text)


E = TypeVar("E")


def find_spelled(spellings: Mapping[str, E], text: str) -> E | None:
    """What a text means: spelled exactly so, else by the longest beginning that ends in `*`.

    >>> find_spelled({"吊销*": 2, "吊销已注销*": 3, "吊销注销": 4}, "吊销已注销（企业）")
    3
    """
    normal = normalize_code(text)
    if normal in spellings:
        return spellings[normal]
    fitting = [s for s in spellings if s.endswith("*") and normal.startswith(s[:-1])]
    return spellings[max(fitting, key=len)] if fitting else None
