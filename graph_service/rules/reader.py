"""Rule files become values; what is wrong in them is said at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from graph_service.domain.entities import EntityKind
from graph_service.domain.errors import RulesError
from graph_service.domain.identifiers import known_divisions, normalize_code
from graph_service.domain.intervals import Interval
from graph_service.rules.entries import (
    CONFIRMATIONS,
    Entry,
    entries,
    read_document,
    refuse_other_tables,
)
from graph_service.rules.model import (
    GRADES,
    NATURES,
    ROLES,
    SIGNS,
    AssociationRule,
    CodeEntry,
    HubRule,
    NamedHub,
    RecordKind,
    Source,
    Threshold,
)

T = TypeVar("T")
UNITS = ("share", "count", "hops", "months", "days")


def record_kind(entry: Entry) -> RecordKind:
    """A record kind from its table."""
    reaches = entry.texts("reaches")
    for role in reaches:
        if role not in ROLES:
            entry.refuse("reaches", f"may name only {', '.join(ROLES)}")
    return RecordKind(
        code=entry.text("code"),
        title_zh=entry.text("title_zh"),
        title_en=entry.text("title_en"),
        grade=entry.choice("grade", GRADES),
        listed=entry.flag("listed", default=False),
        sign=entry.choice("sign", SIGNS),
        nature=entry.choice("nature", NATURES),
        term_months=entry.months("term_months"),
        reaches=reaches,
        implies=entry.texts("implies"),
        aliases=entry.texts("aliases"),
        notice_zh=entry.text("notice_zh", ""),
        notice_en=entry.text("notice_en", ""),
        source=source(entry),
    )


def association_rule(entry: Entry) -> AssociationRule:
    """A rule of association from its table."""
    months = entry.months("half_life_months")
    if months is None:
        entry.refuse("half_life_months", "is missing")
    return AssociationRule(
        code=entry.text("code"),
        strength=entry.number("strength"),
        half_life_months=months,
        title_zh=entry.text("title_zh"),
        title_en=entry.text("title_en"),
        sentence_zh=entry.text("sentence_zh"),
        sentence_en=entry.text("sentence_en"),
        needs=entry.text("needs"),
        source=source(entry),
    )


def threshold(entry: Entry) -> Threshold:
    """A threshold from its table."""
    unit = entry.choice("unit", UNITS)
    value = entry.number("value")
    if unit == "share" and value > 1:
        entry.refuse("value", "is a share and must lie between 0 and 1")
    return Threshold(
        code=entry.text("code"),
        value=value,
        unit=unit,
        is_strict=entry.flag("strict", default=False),
        title_zh=entry.text("title_zh"),
        title_en=entry.text("title_en"),
        source=source(entry),
    )


def named_hub(entry: Entry) -> NamedHub:
    """A hub known by name from its table."""
    names = entry.texts("names")
    if not names:
        entry.refuse("names", "must name the organisation at least once")
    return NamedHub(
        entry.text("code"), names, entry.text("reason_zh"), entry.text("reason_en"), source(entry)
    )


def hub_rule(entry: Entry) -> HubRule:
    """A rule for hubs from its table."""
    rule = HubRule(
        code=entry.text("code"),
        entity_kind=entry.choice("entity_kind", ("", *EntityKind), ""),
        threshold=entry.text("threshold", ""),
        uscc_prefixes=entry.texts("uscc_prefixes"),
        reason_zh=entry.text("reason_zh"),
        reason_en=entry.text("reason_en"),
        source=source(entry),
    )
    if bool(rule.threshold) == bool(rule.uscc_prefixes):
        entry.refuse("threshold", "or uscc_prefixes must be given, and not both")
    return rule


def code_entry(entry: Entry) -> CodeEntry:
    """An entry of a code table."""
    in_business = entry.flag("in_business", default=False) if "in_business" in entry.data else None
    return CodeEntry(
        code=entry.text("code"),
        title_zh=entry.text("title_zh"),
        title_en=entry.text("title_en", ""),
        variants=entry.texts("variants"),
        in_business=in_business,
        parent=entry.text("parent", ""),
        target=entry.text("target", ""),
        source=source(entry),
    )


def source(entry: Entry) -> Source:
    """Citation, confirmation and validity of an entry; then nothing unread may be left."""
    citation = entry.text("citation")
    confirmed = entry.choice("confirmed", CONFIRMATIONS)
    validity = entry.validity()
    entry.close()
    return Source(citation, confirmed, validity)


def read_list(path: Path, table: str, make: Callable[[Entry], T], known: tuple[str, ...]) -> list[T]:
    """The tables `[[table]]` of one file as values; `known` are the names of all tables it may hold."""
    document = read_document(path)
    refuse_other_tables(document, known, path.name)
    return [make(e) for e in entries(document, table, path.name)]


def read_code_table(path: Path) -> list[CodeEntry]:
    """The entries of a code table; `citation` and `confirmed` at the top hold where an entry gives none."""
    document = read_document(path)
    refuse_other_tables(document, ("citation", "confirmed", "entry"), path.name)
    shared: dict[str, Any] = {name: document[name] for name in ("citation", "confirmed") if name in document}
    made = (_with(shared, e) for e in entries(document, "entry", path.name))
    found = [code_entry(e) for e in made]
    _refuse_shared_spellings(path.name, found)
    return found


def _refuse_shared_spellings(file: str, found: list[CodeEntry]) -> None:
    """A spelling that two codes claim could be read either way."""
    owner: dict[str, str] = {}
    for entry in found:
        for spelling in (entry.code, *entry.variants):
            other = owner.setdefault(normalize_code(spelling), entry.code)
            if other != entry.code:
                message = f'{file}: entry "{entry.code}", field "variants" has "{spelling}"'
                raise RulesError(f'{message}, which "{other}" has too; leave it in one of them.')


def division_entries() -> list[CodeEntry]:
    """Divisions of GB/T 2260 as python-stdnum carries them, the name used last first."""
    latest: dict[str, CodeEntry] = {}
    known = Source("GB/T 2260, 经 python-stdnum cn/loc.dat", "K", Interval(None, None))
    for d in known_divisions():
        latest[d.code] = CodeEntry(d.code, d.name, "", (), None, _above(d.code), "", known)
    return list(latest.values())


def _above(code: str) -> str:
    if code.endswith("0000"):
        return ""
    return f"{code[:2]}0000" if code.endswith("00") else f"{code[:4]}00"


def _with(shared: Mapping[str, Any], entry: Entry) -> Entry:
    return Entry(entry.file, entry.label, {**shared, **entry.data})
