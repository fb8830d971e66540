"""Numbers under which the store keeps entity kinds, and which ids are weak (may turn out to be another entity)."""

from graph_service.domain.entities import EntityKind

KIND_NUMBERS = {str(kind): number for number, kind in enumerate(EntityKind, start=1)}
KIND_NAMES = {number: kind for kind, number in KIND_NUMBERS.items()}
WEAK_SCHEMES = ("person-at:", "name:", "regno:")


def is_weak(entity_id: str) -> int:
    """1 for an id that `same_as` may lead away from."""
    return int(entity_id.startswith(WEAK_SCHEMES))
