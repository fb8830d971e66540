"""A template, read and checked. Every field is explained for authors of templates in `docs/templates.md`."""

from dataclasses import dataclass, field
from typing import Literal

from graph_service.domain.facts import FactKind

ColumnType = Literal[
    "text",
    "name",
    "code",
    "number",
    "date",
    "amount",
    "percent",
    "integer",
    "enum",
    "telephone",
    "email",
    "address",
]
COLUMN_TYPES: tuple[ColumnType, ...] = (
    "text", "name", "code", "number", "date", "amount", "percent", "integer", "enum", "telephone", "email", "address",
)  # fmt: skip

PartyKind = Literal["organisation", "person", "auto", "address", "contact"]
PARTY_KINDS: tuple[PartyKind, ...] = ("organisation", "person", "auto", "address", "contact")

Severity = Literal["reject", "note", "keep"]
"""What a value that does not fit does: rejects the row, is left out with a note, or (an enum) stays as written."""
LoadMode = Literal["delta", "snapshot"]


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text for officers, in Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Both, for where there is room for one text."""
        return f"{self.zh} · {self.en}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the headers it goes by, its type, and what happens to a value that does not fit.

    `values`: of an enum, the normal value and the spellings that mean it (`*` at the end: any continuation).
    `table`: the table of the rules that says the rest of them; the values of the feed go first.
    `unit`: of an amount without a unit, 1 (yuan) or 10000 (万元); a unit in the header or the cell wins.
    `document`: of a number, the enum column that says which certificate it is. `source`: instead of headers, the
    column from whose value this one is derived. `place`: where its table stands in the file, for messages.
    """

    name: str
    headers: tuple[str, ...]
    type: ColumnType
    required: bool = False
    filled: bool = False
    bad: Severity = "reject"
    unit: int = 1
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    table: str | None = None
    document: str | None = None
    source: str | None = None
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Party:
    """Whom or what a row mentions, and how it gets its id.

    In this order: `id` under `scheme`; `codes`; a full certificate number; `name` inside the first of `within`
    (parties or columns) that the row has; a masked number; the bare name of an organisation.
    """

    name: str
    kind: PartyKind
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    kind_column: str | None = None
    within: tuple[str, ...] = ()
    id: str | None = None
    scheme: str | None = None
    value: str | None = None
    entity: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """When a fact rule applies: the column (or party) has a value, has none, or has one of `values`."""

    subject: str
    given: bool | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactRule:
    """One kind of fact that a row yields. Names are columns of the template, but `subject` and `object` parties.

    `ends` is the last day (inclusive), `until` the first day after. `term`: `rule` computes a missing end from the
    rules' term of the record kind; `none` leaves it open; else a number of months. `one_per`: the party that has one at
    a time, so that another one stated later ends it. `place`: where its role stands in the file, for messages.
    """

    kind: FactKind
    subject: str
    object: str | None = None
    role: str | None = None
    role_column: str | None = None
    part: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    available: tuple[str, ...] = ()
    share: str | None = None
    votes: str | None = None
    amount: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    attrs: tuple[tuple[str, tuple[str, ...]], ...] = ()
    constants: tuple[tuple[str, str | bool | int | float], ...] = ()
    when: tuple[Condition, ...] = ()
    term: str = "rule"
    one_per: str | None = None
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Template:
    """A feed. `rank`: where sources disagree, the lower rank wins; `lag`: days until the world could know a fact."""

    name: str
    title: Bilingual
    department: Bilingual
    row: Bilingual
    mode: LoadMode
    completeness: Bilingual
    lag: int
    rank: int
    citation: str
    columns: tuple[Column, ...]
    parties: tuple[Party, ...] = ()
    facts: tuple[FactRule, ...] = ()
    scope: str | None = None
    date_column: str | None = None
    file_date: bool = True
    separator: str | None = None
    whole: bool = False
    by_name: dict[str, Column] = field(default_factory=dict, compare=False, repr=False)

    def column(self, name: str) -> Column:
        """The column of this name. Raises KeyError."""
        return self.by_name[name]

    def party(self, name: str) -> Party:
        """The party of this name. Raises StopIteration where there is none."""
        return next(p for p in self.parties if p.name == name)

    @property
    def yields_persons(self) -> bool:
        """Whether a row may name a natural person by number, so that the person key is needed."""
        return any(c.type == "number" for c in self.columns) or any(
            p.kind in ("person", "auto") and p.scheme is None for p in self.parties
        )
