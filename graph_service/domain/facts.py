"""A fact: one statement about the world, with its interval there, its interval in the system and its sources.

Days count from 1970-01-01; intervals are half-open; None is an open end. Shares are fractions, amounts yuan.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

CONTENT_MODULUS = 1 << 128
SEPARATOR = "\x1f"


class FactKind(IntEnum):
    """What a fact states. The numbers are stored; never reuse one."""

    PROFILE = 1  # attributes of the subject as one source gives them: name, attrs
    ALIAS = 2  # another name: role former_name, shop_sign, alias, regno, org_code
    HOLDS = 10  # share, votes, amount (subscribed), attrs: paid, currency
    REPRESENTS = 11  # role: legal_representative, principal, managing_partner
    MANAGES = 12  # role: the post
    GUARANTEES = 13  # amount
    BRANCH_OF = 14
    LOCATED_AT = 15
    REACHED_AT = 16
    CONTROLS_BY_AGREEMENT = 17
    ACTS_IN_CONCERT = 18
    KIN_OF = 19
    PLEDGES = 20
    RECORD = 30  # role: record kind; part: document number; name: authority
    EXIT = 31  # role: repaired, revoked, objected, objection_ended, suspended …; ends or marks records
    CHANGE = 32  # a registered change, for display: role: item; attrs: before, after
    SAME_AS = 40  # subject is object; role: reason
    DISTINCT = 41  # an officer: subject is not object
    HUB = 42  # an officer: subject is a neutral hub; attrs: reason
    TAKEN_BACK = 43  # an officer took such a statement back; role: its kind; attrs: reason, by, date
    MARK = 44  # an officer on a finding about subject and object; part: its rule; attrs: mark, evidence, reason, by, date


RELATIONS = tuple(k for k in FactKind if FactKind.HOLDS <= k <= FactKind.PLEDGES)


def label(kind: FactKind) -> str:
    """Public name of a kind of fact: `holds`, `record`, `same_as` …"""
    return kind.name.lower()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact stands: the delivery's key, the file's name and the line at which the row starts."""

    batch: str
    template: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of one source. Equal content means equal `id`, on every store and after every reload."""

    source: str
    kind: FactKind
    subject: str
    object: str | None = None
    role: str | None = None
    part: str | None = None
    valid_from: int | None = None
    valid_to: int | None = None
    available_from: int | None = None
    share: float | None = None
    votes: float | None = None
    amount: float | None = None
    name: str | None = None
    attrs: str | None = None
    recorded_from: int | None = None
    recorded_to: int | None = None
    evidence: tuple[Evidence, ...] = ()
    loaded_id: str | None = None

    @property
    def attributes(self) -> Mapping[str, Any]:
        """The rest of what the source says, read from its JSON."""
        return json.loads(self.attrs) if self.attrs else {}

    @property
    def id(self) -> str:
        """Public name of this fact: 32 hex digits of its content's SHA-256, with the ends it was loaded with."""
        return self.loaded_id or f"{content_number(self):032x}"

    def between(self, subject: str, object_: str) -> "Fact":
        """The same fact told of the canonical ids of its ends."""
        return replace(self, subject=subject, object=object_, loaded_id=self.id)

    def is_valid_on(self, day: int) -> bool:
        """Whether the fact's interval in the world contains `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


def content_text(fact: Fact) -> str:
    """What a fact says, without recorded times and deliveries, as one canonical text."""
    fields = (
        fact.source, int(fact.kind), fact.role, fact.part, fact.subject, fact.object, fact.valid_from, fact.valid_to,
        fact.available_from, fact.share, fact.votes, fact.amount, fact.name, fact.attrs,
    )  # fmt: skip
    return SEPARATOR.join("" if f is None else str(f) for f in fields)


def content_number(fact: Fact) -> int:
    """First 128 bits of SHA-256 of the fact's content; a store's content is their sum modulo 2**128."""
    return int.from_bytes(hashlib.sha256(content_text(fact).encode()).digest()[:16], "big")


def canonical_json(attributes: Mapping[str, Any]) -> str | None:
    """Attributes as the one JSON text that equal attributes share: sorted keys, nothing empty, no spaces."""
    kept = {k: v for k, v in attributes.items() if v is not None and v != ""}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if kept else None
