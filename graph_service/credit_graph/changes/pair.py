"""The two moments that are compared, and the entity in each of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph_service.credit_graph.in_snapshot import place_of
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming, present
from graph_service.domain.findings import FindingClass
from graph_service.results import Change, Cut, EntityRef, Sentence
from graph_service.snapshots import Worked

MOST = 50  # differences of one aspect and kind that are told


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two moments: the entity by its id then (None: nobody knew it), and its place in the graph."""

    moment: Moment
    entity: str | None
    place: int | None

    @classmethod
    def of(cls, moment: Moment, entity: str) -> "Side":
        """The side of an entity, whatever its canonical id is in this moment."""
        found = present(moment.view, entity)
        return cls(moment, found, None if found is None else place_of(moment.worked.graph, found))

    @property
    def worked(self) -> Worked:
        """What analysis finds then."""
        return self.moment.worked

    def id_of(self, place: int) -> str:
        """The id of a place."""
        return self.worked.graph.nodes.ids[place]


@dataclass(frozen=True, slots=True)
class Pair:
    """Before and now."""

    before: Side
    now: Side
    naming: Naming

    def ref(self, entity: str) -> EntityRef:
        """An entity as answers name it."""
        return self.naming.ref(entity)


@dataclass(frozen=True, slots=True)
class Told:
    """The differences of one aspect, and where they were cut."""

    changes: tuple[Change, ...]
    cut: Cut | None = None


def sets(
    pair: Pair,
    aspect: tuple[str, FindingClass],
    before: Iterable[str],
    now: Iterable[str],
    words: tuple[Sentence, Sentence],
) -> Told:
    """Entities that one answer names and the other does not; `words` with `{}` for the name: of those that came, that went."""
    name, class_ = aspect
    then, after = set(before), set(now)
    told: list[Change] = []
    most = 0
    for kind, ids, said in (("began", after - then, words[0]), ("ended", then - after, words[1])):
        most = max(most, len(ids))
        for id_ in sorted(ids)[:MOST]:
            ref = pair.ref(id_)
            shown = ref.name or ref.id
            sentence = Sentence(said.zh.format(shown), said.en.format(shown))
            told.append(Change(name, kind, name, ref, None, None, None, sentence, class_))
    return Told(tuple(told), Cut(f"changes, {name}", MOST, most) if most > MOST else None)
