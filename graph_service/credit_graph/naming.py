"""Entities and texts as answers show them: names of natural persons masked, here and nowhere else."""

from collections.abc import Iterable, Mapping
from typing import Any

from graph_service.credit_graph.masks import mask_list_of_names, mask_name, mask_names_in
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import Fact, FactKind
from graph_service.results import EntityRef
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


class Naming:
    """Names of the entities of one answer, read from the view in as few questions as possible."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._profiles: dict[str, Profile] = {}

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

    def persons_among(self, entities: Iterable[str | None]) -> tuple[str, ...]:
        """Full names of the natural persons among these entities, to be masked where texts mention them."""
        chosen = [e for e in entities if e is not None]
        self.read(chosen)
        found = (self._profiles[e] for e in chosen)
        return tuple({p.name for p in found if p.name and is_person(p.id, p.kind)})


def details(fact: Fact, persons: Iterable[str]) -> Mapping[str, Any]:
    """What else a source says in a fact, without hashes, with persons' names masked."""
    people = tuple(persons)
    lists = fact.kind is FactKind.CHANGE and fact.role in PERSON_ITEMS
    return {k: _masked(v, people, lists=lists) for k, v in fact.attributes.items() if k not in HIDDEN}


def _masked(value: Any, people: tuple[str, ...], *, lists: bool) -> Any:
    if isinstance(value, str):
        return mask_list_of_names(value) if lists else mask_names_in(value, people)
    if isinstance(value, list):
        return [_masked(v, people, lists=lists) for v in value]
    return value


def shown_hit(hit: SearchHit) -> str | None:
    """The name of a found entity as answers show it."""
    return shown_name(hit.kind, hit.id, hit.name)
