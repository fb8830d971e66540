"""What analysis finds differently: owners, controllers, what is controlled, the group, beneficial owners."""

from collections.abc import Iterator

from graph_service.analysis.beneficial_owners import BeneficialOwners
from graph_service.analysis.control import DERIVED, Control
from graph_service.analysis.groups import Groups
from graph_service.analysis.ownership import Interests
from graph_service.credit_graph.changes.pair import MOST, Pair, Side, Told, sets
from graph_service.credit_graph.controlling import WITHOUT_CONTROLLER, controllers
from graph_service.domain.findings import FindingClass
from graph_service.projection.arrays import owner_of
from graph_service.results import Change, Cut, Sentence

MOVED = 1e-4  # an interest that moved by less is told as it was
CLASS = FindingClass.DERIVED
WORDS = {
    "controller": (
        Sentence("新增最终控制人：{}。", "New ultimate controller: {}."),
        Sentence("不再是最终控制人：{}。", "No longer ultimate controller: {}."),
    ),
    "controlled": (
        Sentence("新增由其控制：{}。", "Now controlled by it: {}."),
        Sentence("不再由其控制：{}。", "No longer controlled by it: {}."),
    ),
    "group": (
        Sentence("同一控制下企业增加：{}。", "Joined the group: {}."),
        Sentence("同一控制下企业减少：{}。", "Left the group: {}."),
    ),
    "beneficial_owner": (
        Sentence(
            "受益所有人（推算，非备案信息）增加：{}。", "New beneficial owner (computed, not filed): {}."
        ),
        Sentence(
            "受益所有人（推算，非备案信息）减少：{}。",
            "No longer beneficial owner (computed, not filed): {}.",
        ),
    ),
}


def derived(pair: Pair) -> Iterator[Told]:
    """The differences, one aspect after the other."""
    yield _owners(pair)
    yield Told(tuple(_status(pair)))
    for aspect, of in (
        ("controller", _ultimate), ("controlled", _controlled), ("group", _group), ("beneficial_owner", _beneficial),
    ):  # fmt: skip
        yield sets(pair, (aspect, CLASS), of(pair.before), of(pair.now), WORDS[aspect])


def _owners(pair: Pair) -> Told:
    before, now = _interests(pair.before), _interests(pair.now)
    moved = [o for o in before.keys() | now.keys() if _has_moved(before.get(o), now.get(o))]
    moved.sort(key=lambda o: (-max(before.get(o, (0.0,))[0], now.get(o, (0.0,))[0]), o))
    cut = Cut("changes, owner", MOST, len(moved)) if len(moved) > MOST else None
    pair.naming.read(moved[:MOST])
    return Told(tuple(_owner(pair, o, before.get(o), now.get(o)) for o in moved[:MOST]), cut)


def _owner(
    pair: Pair, owner: str, old: tuple[float, float] | None, new: tuple[float, float] | None
) -> Change:
    ref = pair.ref(owner)
    kind = "began" if old is None else "ended" if new is None else "changed"
    texts = [_interval(old), _interval(new)]
    sentence = Sentence(
        f"穿透持股比例：{ref.name or ref.id}由{texts[0]}变为{texts[1]}。",
        f"Look-through interest of {ref.name or ref.id}: {texts[0]} → {texts[1]}.",
    )
    low = (old[0] if old else None), (new[0] if new else None)
    return Change("owner", kind, "owner", ref, *low, None, sentence, CLASS)


def _interval(bounds: tuple[float, float] | None) -> str:
    low, high = bounds or (0.0, 0.0)
    return f"{low * 100:.4g}%" if high - low <= MOVED else f"{low * 100:.4g}%–{high * 100:.4g}%"


def _has_moved(old: tuple[float, float] | None, new: tuple[float, float] | None) -> bool:
    low, high = old or (0.0, 0.0), new or (0.0, 0.0)
    return abs(low[0] - high[0]) > MOVED or abs(low[1] - high[1]) > MOVED


def _interests(side: Side) -> dict[str, tuple[float, float]]:
    if side.place is None:
        return {}
    found = side.worked.results(Interests)
    rows = found.of(side.place)
    return {side.id_of(int(found.owners[r])): (float(found.lower[r]), float(found.upper[r])) for r in rows}


def _status(pair: Pair) -> Iterator[Change]:
    """Another finding about whether and how a controller is identified."""
    before, now = pair.before, pair.now
    if now.entity is None or before.entity is None or before.place is None:
        return
    if pair.ref(now.entity).kind in WITHOUT_CONTROLLER:
        return
    old, new = controllers(before.moment, before.entity), controllers(now.moment, now.entity)
    if old.status != new.status:
        sentence = Sentence(
            f"控制人结论变化：{old.finding.zh}→ {new.finding.zh}",
            f"Control: {old.finding.en} → {new.finding.en}",
        )
        yield Change("controller", "changed", "status", None, old.status, new.status, None, sentence, CLASS)


def _ultimate(side: Side) -> Iterator[str]:
    found = side.worked.results(Control)
    for row in () if side.place is None else found.of(side.place):
        if found.ultimate[row] and found.classes[row] == DERIVED:
            yield side.id_of(int(found.controllers[row]))


def _controlled(side: Side) -> Iterator[str]:
    if side.place is None:
        return
    found = side.worked.results(Control)
    rows = found.of_controller(side.place)
    rows = rows[found.classes[rows] == DERIVED]
    yield from (side.id_of(int(company)) for company in owner_of(found.firsts, rows))


def _group(side: Side) -> Iterator[str]:
    """All who belong to a group of the entity, itself left out."""
    if side.place is None:
        return
    found = side.worked.results(Groups)
    for group in set(found.groups[found.of_member(side.place)].tolist()):
        yield from (
            side.id_of(int(found.members[r])) for r in found.of(group) if found.members[r] != side.place
        )


def _beneficial(side: Side) -> Iterator[str]:
    found = side.worked.results(BeneficialOwners)
    for row in () if side.place is None else found.of(side.place):
        yield side.id_of(int(found.persons[row]))
