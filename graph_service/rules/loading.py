"""Built-in rules and an office's own, read into one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from graph_service.domain.errors import RulesError
from graph_service.domain.facts import RELATIONS, label
from graph_service.domain.sanctions import ExitEvent
from graph_service.rules.book import STRENGTH, Dated, Rules
from graph_service.rules.entries import Entry
from graph_service.rules.model import CodeEntry, CodeTable
from graph_service.rules.reader import (
    association_rule,
    division_entries,
    hub_rule,
    named_hub,
    read_code_table,
    read_list,
    record_kind,
    threshold,
)

BUILT_IN = Path(__file__).with_name("data")
FILES = {
    "record_kinds.toml": ("kind",),
    "thresholds.toml": ("threshold",),
    "hubs.toml": ("hub", "rule"),
    "association_rules.toml": ("rule",),
}
"""Names of the rule files, and of the tables that each may hold."""
REGIONS = "regions"

D = TypeVar("D", bound=Dated)


def load_rules(overlay: Path | None = None) -> Rules:
    """The built-in rules, with those of the folder `overlay` in place of entries of the same code.

    The overlay holds files of the built-in names (`record_kinds.toml`, `thresholds.toml`, `hubs.toml`,
    `association_rules.toml`, `codes/NAME.toml`); a missing folder or file changes nothing. An entry there replaces all versions of its
    code, a new code is added, a new code table too.

    Raises:
        RulesError: a mistake in a file, naming file, entry and field.
    """
    folders = [BUILT_IN] if overlay is None or not overlay.is_dir() else [BUILT_IN, overlay]
    _refuse_unknown(folders[1:])
    rules = Rules(
        record_kinds=_collected(folders, "record_kinds.toml", "kind", record_kind),
        thresholds=_collected(folders, "thresholds.toml", "threshold", threshold),
        named_hubs=_collected(folders, "hubs.toml", "hub", named_hub),
        hub_rules=_collected(folders, "hubs.toml", "rule", hub_rule),
        tables=_tables(folders),
        association_rules=_collected(folders, "association_rules.toml", "rule", association_rule),
    )
    _check_references(rules)
    return rules


def _collected(folders: Sequence[Path], file: str, table: str, make: Callable[[Entry], D]) -> tuple[D, ...]:
    merged: dict[str, list[D]] = {}
    for path in (folder / file for folder in folders):
        if path.exists():
            merged |= _by_code(file, read_list(path, table, make, FILES[file]))
    return tuple(d for versions in merged.values() for d in versions)


def _by_code(file: str, items: Iterable[D]) -> dict[str, list[D]]:
    """Versions of each code, oldest first; two that hold on one day are a mistake."""
    out: dict[str, list[D]] = {}
    for item in items:
        versions = out.setdefault(item.code, [])
        if any(v.source.validity.overlaps(item.source.validity) for v in versions):
            message = f'{file}: entry "{item.code}", field "valid_from" overlaps another version of it'
            raise RulesError(f"{message}; give each its days.")
        versions.append(item)
    return {code: sorted(v, key=lambda d: d.source.validity.start or -(10**9)) for code, v in out.items()}


def _tables(folders: Sequence[Path]) -> dict[str, CodeTable]:
    merged: dict[str, dict[str, list[CodeEntry]]] = {REGIONS: _by_code(REGIONS, division_entries())}
    for folder in folders:
        for path in sorted((folder / "codes").glob("*.toml")):
            merged.setdefault(path.stem, {}).update(_by_code(path.name, read_code_table(path)))
    return {n: CodeTable(n, tuple(e for versions in t.values() for e in versions)) for n, t in merged.items()}


def _refuse_unknown(overlays: Iterable[Path]) -> None:
    for folder in overlays:
        for path in sorted(folder.glob("*.toml")):
            if path.name not in FILES:
                raise RulesError(
                    f"{path.name}: is no rules file; the names are {', '.join(FILES)}, codes/*.toml."
                )


def _check_references(rules: Rules) -> None:
    known = {t.code for t in rules.thresholds}
    for rule in rules.hub_rules:
        if rule.threshold and rule.threshold not in known:
            message = f'hubs.toml: entry "{rule.code}", field "threshold" names "{rule.threshold}"'
            raise RulesError(f"{message}, which thresholds.toml lacks; add it there.")
    _check_strengths(known)
    _check_implied(rules)
    _check_events(rules)


def _check_strengths(thresholds: set[str]) -> None:
    relations = {STRENGTH + label(kind) for kind in RELATIONS}
    for code in sorted(c for c in thresholds - relations if c.startswith(STRENGTH)):
        message = f'thresholds.toml: entry "{code}" is the strength of no kind of relation'
        raise RulesError(f"{message}; these are {', '.join(sorted(relations))}.")


def _check_implied(rules: Rules) -> None:
    for kind in rules.record_kinds:
        for implied in kind.implies:
            if not rules.has_kind(implied):
                message = f'record_kinds.toml: entry "{kind.code}", field "implies" names "{implied}"'
                raise RulesError(f"{message}, which is no kind of record; add it there.")


def _check_events(rules: Rules) -> None:
    for entry in rules.table("exit_events").entries:
        if entry.code not in set(ExitEvent):
            message = f'exit_events.toml: entry "{entry.code}" is no event in the life of a record'
            raise RulesError(f"{message}; these are {', '.join(ExitEvent)}.")
