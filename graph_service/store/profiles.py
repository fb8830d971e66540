"""What an entity is, from what several sources say of it: each attribute from the best-ranked source (一数一源)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.intervals import from_day
from graph_service.store.base import Profile
from graph_service.text.normal import normalize_name

_HIDDEN = frozenset({"candidate"})
_REGISTER = "registration"


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
    _unfound(values, sources, day)
    name = values.pop("name", None)
    if name is not None and any(
        f.source == _REGISTER and f.name == name and f.is_valid_on(day) for f in spoken
    ):
        sources["name"] = _REGISTER  # others only repeat it
    former = {f.name for f in facts if f.kind == FactKind.ALIAS and f.role == "former_name" and f.name}
    former |= _ended_names(family, spoken, sources.get("name"), day)
    called = {f.name for f in facts if f.kind == FactKind.ALIAS and f.role != "former_name" and f.name}
    aliases = (*ids[1:], *sorted(called))
    shown = str(name) if name is not None else family.label
    now = None if name is None else normalize_name(str(name))
    former_names = tuple(sorted(f for f in former if normalize_name(f) != now))
    return Profile(ids[0], family.kind, shown, values, aliases, former_names, sources, others)


def _ended_names(family: Family, spoken: Sequence[Fact], source: str | None, day: int) -> set[str]:
    """Names that the source of the present one gave before; of natural persons that is another spelling."""
    if family.kind == "person":
        return set()
    mine = (f for f in spoken if f.source == source and f.name)
    return {str(f.name) for f in mine if f.valid_to is not None and f.valid_to <= day}


def _unfound(values: dict[str, object], sources: dict[str, str], day: int) -> None:
    """Before its founding an enterprise is not in business, whatever its status became."""
    if str(values.get("founded") or "") <= from_day(day).isoformat():
        return
    for key in ("status", "in_business"):
        values.pop(key, None)
        source = sources.pop(key, None)
        if key == "in_business" and source is not None:
            values[key], sources[key] = False, source


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
