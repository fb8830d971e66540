"""What the store's own view says where the schema page asks in Cypher."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.intervals import Interval, from_day, to_day
from graph_service.domain.sanctions import Record, RecordLife, RecordStatus, record_life
from graph_service.projection.exits import exit_from
from graph_service.store.base import GraphView
from graph_service.store.neo4j import Neo4jStore
from tests.store.neo4j.town import AFTER_ALL, BING, NAMES, RENEWED, THREE, TWO, WU


@dataclass(frozen=True)
class Town:
    """The store as of the day that is drawn, and the parameters of a query."""

    store: Neo4jStore
    view: GraphView
    given: Mapping[str, Any] = field(default_factory=dict)


Answer = list[tuple[Any, ...]]


def stated(view: GraphView, entity: str, *kinds: FactKind) -> list[Fact]:
    """Relations in force of the entity as every source states them, not only the best."""
    pairs = {(f.subject, f.object or "") for f in view.relations(entity, kinds)}
    facts = [f for one, other in pairs for f in view.facts_between(one, other, kinds)]
    return [f for f in facts if f.is_valid_on(view.as_of)]


def life(view: GraphView, fact: Fact) -> RecordLife:
    """What became of a record by all that is known, whatever the day: what was repaired is in no answer."""
    known = view.records(view.canonical(fact.subject))
    exits = (exit_from("", f.role, f.part, f.valid_from) for f in known if f.kind is FactKind.EXIT)
    term = Interval(fact.valid_from, fact.valid_to)
    return record_life(
        Record("", "", fact.role or "", fact.part, term), [e for e in exits if e is not None], AFTER_ALL
    )


def status(view: GraphView, fact: Fact) -> RecordStatus | None:
    """What a record is on the day, where it may be shown."""
    lived = life(view, fact)
    return lived.status_on(view.as_of) if lived.is_visible else None


def listing(town: Town, *statuses: RecordStatus) -> Iterator[tuple[str, Fact]]:
    """Enterprises with their records of the kinds asked for."""
    for firm in [p.id for p in town.view.every_profile() if p.kind == "enterprise"]:
        for fact in town.view.records(firm):
            if fact.role in town.given["kinds"] and status(town.view, fact) in statuses:
                yield firm, fact


def holders(view: GraphView, firm: str) -> list[tuple[Any, ...]]:
    """Holder, share and source of each holding in an enterprise."""
    return [(f.subject, f.share, f.source) for f in stated(view, firm, FactKind.HOLDS) if f.object == firm]


def dated(day: int | None) -> date | None:
    return None if day is None else from_day(day)


def listed_ones(town: Town) -> Answer:
    rows = []
    for firm, fact in listing(town, RecordStatus.IN_FORCE, RecordStatus.OBJECTED):
        head = (firm, NAMES[firm], fact.role, fact.part, fact.name, dated(fact.valid_from))
        is_now = str(status(town.view, fact))
        rows += [(*head, is_now, *holder) for holder in holders(town.view, firm) or [(None, None, None)]]
    return rows


def of_a_person(town: Town) -> Answer:
    person = town.given["person"]
    kinds = (FactKind.HOLDS, FactKind.REPRESENTS, FactKind.MANAGES)
    return [
        (f.object, NAMES[f.object or ""], f.kind.name, f.role, f.share, dated(f.valid_from), f.source)
        for f in stated(town.view, person, *kinds)
        if f.subject == person
    ]


def chains(town: Town) -> Answer:
    def above(chain: list[str], shares: list[float], product: float) -> Iterator[tuple[Any, ...]]:
        for holder, share, source in holders(town.view, chain[-1]):
            if source == town.given["source"] and holder not in chain and len(shares) < 5:
                up = [*chain, holder], [*shares, share], product * share
                yield holder, *up
                yield from above(*up)

    return list(above([town.given["enterprise"]], [], 1.0))


def sisters(town: Town) -> Answer:
    rows = set()
    for firm, fact in listing(town, RecordStatus.IN_FORCE):
        for person in {f.subject for f in stated(town.view, firm, FactKind.REPRESENTS)}:
            for f in stated(town.view, person, FactKind.REPRESENTS):
                if f.subject == person and f.object not in (None, firm):
                    rows.add((firm, fact.role, fact.part, person, f.object, NAMES[f.object or ""]))
    return list(rows)


def called(town: Town) -> Answer:
    found = []
    for hit in town.view.search(town.given["text"].strip('"'), 100):
        profile = town.view.profile(hit.id)
        former = list(profile.former_names) or None
        found.append((hit.id, profile.name, former, profile.attributes.get("in_business")))
    return found


def shortest(town: Town) -> Answer:
    kinds = (FactKind.HOLDS, FactKind.REPRESENTS, FactKind.MANAGES, FactKind.GUARANTEES, FactKind.BRANCH_OF)
    steps: dict[str, set[tuple[str, str]]] = {}
    for f in town.view.all_facts((*kinds, FactKind.SAME_AS)):
        if f.object and f.is_valid_on(town.view.as_of):
            steps.setdefault(f.subject, set()).add((f.kind.name, f.object))
            steps.setdefault(f.object, set()).add((f.kind.name, f.subject))
    paths = [([town.given["one"]], list[str]())]
    while paths and not any(way[-1] == town.given["other"] for way, _ in paths):
        paths = [
            ([*way, to], [*names, name])
            for way, names in paths
            for name, to in steps[way[-1]]
            if to not in way
        ]
    return [(way, names) for way, names in paths if way[-1] == town.given["other"]]


def neighbours(town: Town) -> Answer:
    me, kinds, rows = town.given["enterprise"], (FactKind.LOCATED_AT, FactKind.REACHED_AT), []
    for place in {f.object or "" for f in stated(town.view, me, *kinds)}:
        users = {f.subject for f in stated(town.view, place, *kinds)}
        if len(users) <= town.given["most"]:
            text = town.view.profile(place).name
            rows += [(user, NAMES[user], place, text, len(users)) for user in users - {me}]
    return rows


def instant(recorded: int, unit: int = 1) -> datetime:
    """A moment of recording, cut to so many microseconds."""
    seconds, rest = divmod(recorded // unit * unit, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def microseconds(text: str) -> int:
    """The moment that an ISO text names."""
    passed = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return passed // timedelta(microseconds=1)


def no_more(town: Town) -> Answer:
    changes = {d.recorded: f"load {d.batch}" for d in town.store.deliveries()}
    changes |= {d.withdrawn: f"withdraw {d.batch}" for d in town.store.deliveries() if d.withdrawn}
    rows = []
    for f in town.view.history(town.given["enterprise"]):
        if f.kind <= FactKind.PLEDGES and f.recorded_to is not None:
            days = (dated(f.valid_from), dated(f.valid_to))
            when = (instant(f.recorded_from or 0, 1000), instant(f.recorded_to, 1000))
            what = (int(f.kind), f.subject, f.object, f.role, f.share, f.name)
            rows.append((*what, *days, *when, changes[f.recorded_to]))
    return rows


def cited(town: Town) -> Answer:
    facts = town.view.facts_between(town.given["holder"], town.given["enterprise"], (FactKind.HOLDS,))
    shares = {f.evidence[0]: f.share for f in facts}
    rows = {e: shares.get(e, facts[-1].share) for f in facts for e in f.evidence}  # the rest repeat the last
    return [(e.template, e.batch, e.file, e.line, share) for e, share in rows.items()]


def changed(town: Town) -> Answer:
    then = next(d.recorded for d in town.store.deliveries() if d.batch == town.given["batch"])
    views = [town.store.view(known_at=at) for at in (then, then - 1)]
    begun, before = ([*view.all_facts(tuple(FactKind))] for view in views)
    kinds = [("begins", int(f.kind)) for f in begun if f.recorded_from == then]
    kinds += [("closed", int(f.kind)) for f in before if f.recorded_to == then]
    return [(*key, kinds.count(key)) for key in set(kinds)]


def known_then(town: Town) -> Answer:
    at = town.given["known_at"]
    day = to_day(date.fromisoformat(town.given["day"]))
    return holders(town.store.view(day, microseconds(at)), town.given["enterprise"])


def circles(town: Town) -> Answer:
    def around(way: list[str], sums: list[float | None]) -> Iterator[tuple[Any, ...]]:
        for f in stated(town.view, way[-1], FactKind.GUARANTEES):
            if f.subject == way[-1] and f.object == way[0] and len(sums) > 0:
                yield [*way, way[0]], [*sums, f.amount]
            elif f.subject == way[-1] and f.object not in way:
                yield from around([*way, f.object or ""], [*sums, f.amount])

    return list(around([town.given["enterprise"]], []))


WANTED: dict[str, Callable[[Town], Answer]] = {
    "Which enterprises are listed, and who holds them?": listed_ones,
    "In which enterprises does a person hold, represent or manage?": of_a_person,
    "Who stands above an enterprise, up to five steps, and with what part of it?": chains,
    "Which enterprises have the legal representative of a listed one?": sisters,
    "Which organisations bear these characters in their name, now or before?": called,
    "How do two enterprises hang together, by the fewest steps?": shortest,
    "Who shares an address or telephone with an enterprise, crowded ones left out?": neighbours,
    "What was said of an enterprise and is said no more?": no_more,
    "Which row of which file says that somebody holds an enterprise?": cited,
    "What did one delivery change?": changed,
    "Whom did the service know as holders of an enterprise at a past moment?": known_then,
    "Which enterprises guarantee one another in a circle?": circles,
}
# Beside the examples of the page: values that its queries are asked with too.
MORE: dict[str, dict[str, object]] = {
    "In which enterprises does a person hold, represent or manage?": {"person": TWO},
    "Who stands above an enterprise, up to five steps, and with what part of it?": {"enterprise": BING},
    "Who shares an address or telephone with an enterprise, crowded ones left out?": {"most": 4},
    "Which row of which file says that somebody holds an enterprise?": {"holder": THREE, "enterprise": BING},
    "What did one delivery change?": {"batch": RENEWED.batch},
    "Which enterprises guarantee one another in a circle?": {"enterprise": WU},
}
