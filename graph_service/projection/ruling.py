"""What a projection takes from the rules, as plain values of one day."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from graph_service.rules import HubRule, NamedHub, Rules
from graph_service.rules.model import GRADES
from graph_service.text.normal import normalize_name


def _as_written(code: str) -> tuple[str, str]:
    return code[:1], code[1:3]


@dataclass(frozen=True, slots=True)
class ProjectionRules:
    """What a projection decides by.

    `listed`: record kinds that make an entity listed. `grades`: grade of each record kind, of `GRADES`. `hub_degrees`:
    by entity kind the number of different neighbours from which a node is a neutral hub, and the reason. `hub_names`,
    `hub_ids`, `hub_prefixes`: labels, ids and beginnings of ids of neutral hubs with the reason of each. `types`: what
    feeds write for a family of company, normalised, and its code. `industry`: section and division of an industry code.
    """

    listed: frozenset[str]
    grades: Mapping[str, str] = field(default_factory=dict)
    hub_degrees: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    hub_names: Mapping[str, str] = field(default_factory=dict)
    hub_ids: Mapping[str, str] = field(default_factory=dict)
    hub_prefixes: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    industry: Callable[[str], tuple[str, str]] = _as_written


def projection_rules(rules: Rules, day: int) -> ProjectionRules:
    """The part of the rules of a day that a projection needs."""
    held = rules.at(day)
    names = {name: _reason(hub) for hub in held.named_hubs for name in hub.names}
    prefixes = {f"uscc:{p}": _reason(rule) for rule in held.hub_rules for p in rule.uscc_prefixes}
    degrees = {
        kind: (int(limit) + int(held.threshold(rule.threshold).is_strict), _reason(rule))
        for kind, (limit, rule) in held.hub_degrees().items()
    }
    return ProjectionRules(
        held.listed_kinds(),
        {k.code: k.grade for k in held.record_kinds},
        degrees,
        names,
        {_name_id(name): reason for name, reason in names.items()},
        prefixes,
        {spelling: entry.code for spelling, entry in held.table("enterprise_types").spellings.items()},
        held.industry,
    )


def _reason(rule: HubRule | NamedHub) -> str:
    return f"{rule.reason_zh} / {rule.reason_en}"


def _name_id(name: str) -> str:
    return "name:" + hashlib.sha256(normalize_name(name).encode()).hexdigest()[:32]


__all__ = ["GRADES", "ProjectionRules", "projection_rules"]
