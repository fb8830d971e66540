"""Entities and texts as answers show them: names of natural persons masked, here and nowhere else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.domain.entities import EntityKind
from graph_service.domain.errors import UnknownEntity
from graph_service.domain.facts import Fact, FactKind
from graph_service.results import EntityRef
from graph_service.security.masking import mask_digits, mask_list_of_names, mask_name, mask_names_in
from graph_service.store.base import GraphView, Profile, SearchHit

# Never shown: keyed hashes that candidates are found by.
HIDDEN = frozenset({"candidate"})
PERSON_ITEMS = frozenset({"representative", "holders", "managers"})


def is_person(entity_id: str, kind: str | None = None) -> bool:
    """Whether an entity is a natural person, by its kind; where that is not known, by its id."""
    return kind == EntityKind.PERSON if kind else entity_id.startswith("person")


def shown_name(kind: str | None, entity_id: str, name: str | None) -> str | None:
    """An entity's name as answers show it."""
    return mask_name(name) if name and is_person(entity_id, kind) else name


def present(view: GraphView, entity: str) -> str | None:
    """The canonical id of an entity that the store names; None where it names none."""
    try:
        return view.find(entity)
    except UnknownEntity:
        return None


class Naming:
    """Names of the entities of one answer, read from the view in as few questions as possible."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._profiles: dict[str, Profile] = {}
        self._persons: set[str] = set()

    def read(self, entities: Iterable[str | None]) -> None:
        """Read the profiles of these entities, where not yet done."""
        missing = list(dict.fromkeys(e for e in entities if e is not None and e not in self._profiles))
        if missing:
            found = self._view.profiles(missing)
            self._profiles |= found
            for entity in missing:
                if entity not in found:
                    self._profiles[entity] = self._alias(entity)

    def _alias(self, entity: str) -> Profile:
        canonical = self._view.canonical(entity)
        found = self._profiles.get(canonical) or self._view.profiles([canonical]).get(canonical)
        return found or Profile(
            entity, EntityKind.PERSON if is_person(entity) else EntityKind.ORGANIZATION, None
        )

    def profile(self, entity: str) -> Profile:
        """The profile of an entity."""
        self.read([entity])
        return self._profiles[entity]

    def ref(self, entity: str) -> EntityRef:
        """An entity as others name it."""
        profile = self.profile(entity)
        return EntityRef(profile.id, profile.kind, shown_name(profile.kind, profile.id, profile.name))

    @property
    def persons(self) -> frozenset[str]:
        """Full names of the natural persons noted so far, to be masked where texts mention them."""
        return frozenset(self._persons)

    def note_persons(self, entities: Iterable[str | None]) -> None:
        """Note the natural persons among these entities."""
        chosen = [e for e in entities if e is not None]
        self.read(chosen)
        found = (self._profiles[e] for e in chosen)
        self._persons |= {p.name for p in found if p.name and is_person(p.id, p.kind)}


def details(fact: Fact, persons: Iterable[str]) -> Mapping[str, Any]:
    """What else a source says in a fact, without hashes, with persons' names and numbers masked.

    Profiles say what an organisation registered, its registration number among it; other texts may be about people.
    """
    mask = _Mask(tuple(persons), lists=fact.kind is FactKind.CHANGE and fact.role in PERSON_ITEMS)
    keep_digits = fact.kind is FactKind.PROFILE
    return {k: mask.value(v, keep_digits=keep_digits) for k, v in fact.attributes.items() if k not in HIDDEN}


@dataclass(frozen=True, slots=True)
class _Mask:
    """How the texts of one fact are masked: the names in question, and whether a text is a list of names."""

    people: tuple[str, ...]
    lists: bool

    def value(self, value: Any, *, keep_digits: bool) -> Any:
        """A value with its texts masked."""
        if isinstance(value, list):
            return [self.value(v, keep_digits=keep_digits) for v in value]
        if not isinstance(value, str):
            return value
        if self.lists:
            return mask_list_of_names(value)
        named = mask_names_in(value, self.people)
        return named if keep_digits else mask_digits(named)


def shown_hit(hit: SearchHit) -> str | None:
    """The name of a found entity as answers show it."""
    return shown_name(hit.kind, hit.id, hit.name)
