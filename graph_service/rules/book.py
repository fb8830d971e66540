"""The rules as one frozen value, as of a day, with the fingerprint that a snapshot id is made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Protocol, TypeVar

from graph_service.domain.errors import RulesError
from graph_service.domain.identifiers import normalize_code
from graph_service.rules.model import (
    AssociationRule,
    CodeEntry,
    CodeTable,
    HubRule,
    NamedHub,
    RecordKind,
    Source,
    Threshold,
    find_spelled,
)


class Dated(Protocol):
    """An entry with a code and a time in which it holds."""

    @property
    def code(self) -> str:
        """What names the entry in its file."""

    @property
    def source(self) -> Source:
        """Citation and validity."""


D = TypeVar("D", bound=Dated)
STRENGTH = "association_strength_"  # codes of thresholds: this and the kind of relation


@dataclass(frozen=True)
class Rules:
    """Record kinds, thresholds, hubs and code tables; all versions, or those of one day (`at`)."""

    record_kinds: tuple[RecordKind, ...]
    thresholds: tuple[Threshold, ...]
    named_hubs: tuple[NamedHub, ...]
    hub_rules: tuple[HubRule, ...]
    tables: Mapping[str, CodeTable]
    association_rules: tuple[AssociationRule, ...] = ()
    day: int | None = None

    def at(self, day: int) -> Rules:
        """The rules that hold on a day."""
        if self.day == day:
            return self
        return replace(
            self,
            record_kinds=_on(self.record_kinds, day),
            thresholds=_on(self.thresholds, day),
            named_hubs=_on(self.named_hubs, day),
            hub_rules=_on(self.hub_rules, day),
            association_rules=_on(self.association_rules, day),
            tables={n: CodeTable(n, _on(t.entries, day)) for n, t in self.tables.items()},
            day=day,
        )

    def kind(self, code: str) -> RecordKind:
        """A record kind, in its latest version.

        Raises:
            RulesError: no kind has this code.
        """
        if code not in self._kinds:
            raise RulesError(f'Record kind "{code}" is in no rules file; add it to record_kinds.toml.')
        return self._kinds[code]

    def has_kind(self, code: str) -> bool:
        """Whether the rules know this record kind."""
        return code in self._kinds

    def find_kind(self, text: str) -> RecordKind | None:
        """The record kind that a feed means by the name of a list: its code, title or an alias."""
        return find_spelled(self._kind_names, text)

    def spelled(self, table: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What a feed's cell may say and what it then means: (value, spellings) of a code table, for loads.

        A code with a target means that. `record_kinds` is the table of record kinds; `NAME.in_business` says of each
        code of a table whether it means that a firm trades. Raises RulesError.
        """
        if table == "record_kinds":
            return tuple((k.code, _kind_spellings(k)) for k in self._kinds.values())
        name, _, flag = table.partition(".")
        held = {e.code: e for e in self.table(name).entries}.values()
        if flag == "in_business":
            return tuple((str(e.in_business).lower(), (e.code,)) for e in held if e.in_business is not None)
        if flag:
            raise RulesError(
                f'Code table "{table}" does not exist; of a table there is NAME or NAME.in_business.'
            )
        return tuple((e.target or e.code, e.spellings) for e in held)

    def listed_kinds(self) -> frozenset[str]:
        """Codes of the kinds that make an entity listed."""
        return frozenset(k.code for k in self._kinds.values() if k.listed)

    def adverse_kinds(self) -> frozenset[str]:
        """Codes of the kinds that speak against an entity."""
        return frozenset(k.code for k in self._kinds.values() if k.sign == "adverse")

    def terms(self) -> dict[str, int]:
        """Months that a record lasts whose source gives no end, by kind; kinds without a term are left out."""
        return {k.code: k.term_months for k in self._kinds.values() if k.term_months is not None}

    def threshold(self, code: str) -> Threshold:
        """A threshold, in its latest version.

        Raises:
            RulesError: no threshold has this code.
        """
        found = [t for t in self.thresholds if t.code == code]
        if not found:
            raise RulesError(f'Threshold "{code}" is in no rules file; add it to thresholds.toml.')
        return found[-1]

    def strength(self, relation: str) -> float:
        """How strong a relation is as a step of an association; 0 for one that is no step."""
        found = [t for t in self.thresholds if t.code == STRENGTH + relation]
        return found[-1].value if found else 0.0

    def table(self, name: str) -> CodeTable:
        """A code table.

        Raises:
            RulesError: no table has this name.
        """
        if name not in self.tables:
            raise RulesError(f'Code table "{name}" does not exist; add codes/{name}.toml.')
        return self.tables[name]

    def industry(self, code: str) -> tuple[str, str]:
        """Section and division of GB/T 4754 that a code of any length belongs to; empty where it is none.

        `F5211` and `5211` are division 52 of section F; `F` alone has no division.
        """
        text = normalize_code(code)
        table = self.table("industries").spellings
        division = table.get(text.lstrip("ABCDEFGHIJKLMNOPQRST")[:2])
        if division is not None and division.parent:
            return division.parent, division.code
        section = table.get(text[:1])
        return (section.code, "") if section is not None and not section.parent else ("", "")

    def hub_degrees(self) -> dict[str, tuple[int, HubRule]]:
        """By entity kind: the number of relations above which an entity is a hub, and the rule that says so."""
        counted = [r for r in self.hub_rules if r.threshold]
        return {r.entity_kind: (int(self.threshold(r.threshold).value), r) for r in counted}

    def hub_by_code(self, entity_id: str) -> HubRule | None:
        """The rule by which the USCC of an entity makes it a hub (state bodies)."""
        value = entity_id.removeprefix("uscc:")
        if value == entity_id:
            return None
        return next(
            (r for r in self.hub_rules if r.uscc_prefixes and value.startswith(r.uscc_prefixes)), None
        )

    def hub_by_name(self, name: str) -> NamedHub | None:
        """The hub that bears this name or id."""
        return self._hub_names.get(normalize_code(name))

    def hub_of(self, entity_id: str, kind: str, name: str | None, degree: int) -> HubRule | NamedHub | None:
        """Why an entity is a neutral hub, if the rules say so: by id or name, by code, by number of relations."""
        named = self.hub_by_name(entity_id) or (self.hub_by_name(name) if name else None)
        if named is not None:
            return named
        limit, rule = self.hub_degrees().get(kind, (degree, None))
        return self.hub_by_code(entity_id) or (rule if degree > limit else None)

    def fingerprint(self) -> str:
        """SHA-256 (hex) of everything the rules say; the same for the same rules, whatever the files look like."""
        said = {
            "record_kinds": [asdict(k) for k in self.record_kinds],
            "thresholds": [asdict(t) for t in self.thresholds],
            "named_hubs": [asdict(h) for h in self.named_hubs],
            "hub_rules": [asdict(r) for r in self.hub_rules],
            "association_rules": [asdict(r) for r in self.association_rules],
            "tables": {n: [_as_list(e) for e in t.entries] for n, t in self.tables.items()},
        }
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _kinds(self) -> dict[str, RecordKind]:
        return {k.code: k for k in self.record_kinds}

    @cached_property
    def _kind_names(self) -> dict[str, RecordKind]:
        return {normalize_code(name): kind for kind in self._kinds.values() for name in _kind_spellings(kind)}

    @cached_property
    def _hub_names(self) -> dict[str, NamedHub]:
        return {normalize_code(name): hub for hub in self.named_hubs for name in hub.names}


def _kind_spellings(kind: RecordKind) -> tuple[str, ...]:
    return (kind.code, kind.title_zh, kind.title_en, *kind.aliases)


def _on(items: Iterable[D], day: int) -> tuple[D, ...]:
    return tuple(i for i in items if i.source.validity.contains(day))


def _as_list(entry: CodeEntry) -> list[object]:
    """A code entry without field names: tables are long."""
    source = entry.source
    return [
        entry.code, entry.title_zh, entry.title_en, entry.variants, entry.in_business, entry.parent, entry.target,
        source.citation, source.confirmed, source.validity,
    ]  # fmt: skip
