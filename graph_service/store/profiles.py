"""What an entity is, from what several sources say of it: each attribute from the best-ranked source (一数一源)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_service.domain.facts import Fact, FactKind
from graph_service.store.base import Profile

_HIDDEN = frozenset({"candidate"})


@dataclass(frozen=True, slots=True)
class Family:
    """An entity's ids, the canonical one first, its kind, and the text of its node where it has one."""

    ids: Sequence[str]
    kind: str
    label: str | None


def merged_profile(family: Family, facts: Sequence[Fact], ranks: Mapping[str, int], day: int) -> Profile:
    """Merge PROFILE and ALIAS facts of a family of ids."""
    ids = family.ids
    spoken = sorted(
        (f for f in facts if f.kind == FactKind.PROFILE), key=lambda f: _order(f, ids, ranks, day)
    )
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    others: dict[str, dict[str, object]] = {}
    for fact in spoken:
        said = {"name": fact.name, **fact.attributes}
        for key, value in said.items():
            if value is None or key in _HIDDEN:
                continue
            if key not in values:
                values[key], sources[key] = value, fact.source
            elif value != values[key] and fact.source != sources[key] and fact.is_valid_on(day):
                others.setdefault(key, {})[fact.source] = value
    name = values.pop("name", None)
    former = {f.name for f in facts if f.kind == FactKind.ALIAS and f.role == "former_name" and f.name}
    called = {f.name for f in facts if f.kind == FactKind.ALIAS and f.role != "former_name" and f.name}
    aliases = (*ids[1:], *sorted(called))
    shown = str(name) if name is not None else family.label
    former_names = tuple(sorted(former - {name}))
    return Profile(ids[0], family.kind, shown, values, aliases, former_names, sources, others)


def _order(
    fact: Fact, ids: Sequence[str], ranks: Mapping[str, int], day: int
) -> tuple[bool, int, int, int, str]:
    """What holds on the day first, then the better source, the canonical id, the later start."""
    start = -(fact.valid_from if fact.valid_from is not None else -(10**6))
    return (
        not fact.is_valid_on(day),
        ranks.get(fact.source, 10**6),
        ids.index(fact.subject),
        start,
        fact.source,
    )
