"""The exports `owners`, `control`, `groups`, `beneficial-owners`: the bulk results with ids, in the order in which they are kept."""

from collections.abc import Iterator

import numpy as np

from graph_service.analysis.beneficial_owners import TESTS, BeneficialOwners
from graph_service.analysis.control import BASES, DERIVED, Control
from graph_service.analysis.groups import Groups
from graph_service.analysis.ownership import EXACT, Interests
from graph_service.credit_graph.exports.columns import Edge, Row, Sheet, columns
from graph_service.credit_graph.moment import Moment
from graph_service.domain.entities import EntityKind
from graph_service.projection.arrays import Longs, owner_of
from graph_service.projection.texts import Texts
from graph_service.snapshots import Worked

OWNERS = columns(
    "owner owner_kind enterprise direct:number interest_lower:number interest_upper:number exact:flag class"
)
CONTROL = columns(
    "controller controller_kind enterprise votes_lower:number votes_upper:number depth:whole class basis ultimate:flag"
)
GROUPS = columns("group group_kind enterprise parent depth:whole votes:number class size:whole shared:flag")
BENEFICIAL = columns("person enterprise test lower:number upper:number class")
LEAST = 0.05
CHUNK = 10_000


def owners_sheet(moment: Moment, least: float = LEAST) -> Sheet:
    """Interests whose upper bound is at least `least`."""
    return Sheet("owners", OWNERS, _owners(moment.worked, least), Edge("owner", "enterprise", "class"))


def control_sheet(moment: Moment) -> Sheet:
    """Who controls whom, and what is only possible."""
    return Sheet("control", CONTROL, _control(moment.worked), Edge("controller", "enterprise", "class"))


def groups_sheet(moment: Moment) -> Sheet:
    """Each enterprise under each of its ultimate controllers, with the holder through which it is controlled."""
    return Sheet("groups", GROUPS, _groups(moment.worked), Edge("group", "enterprise", "class"))


def beneficial_owners_sheet(moment: Moment) -> Sheet:
    """Every beneficial owner as computed, with the test that named it."""
    return Sheet(
        "beneficial-owners", BENEFICIAL, _beneficial(moment.worked), Edge("person", "enterprise", "test")
    )


def _beneficial(worked: Worked) -> Iterator[list[Row]]:
    found, ids = worked.results(BeneficialOwners), worked.graph.nodes.ids
    for rows in _pieces(np.arange(len(found.persons))):
        companies = owner_of(found.firsts, rows)
        numbers = (a[rows].tolist() for a in (found.tests, found.lower, found.upper, found.possible))
        told = zip(ids.many(found.persons[rows]), ids.many(companies), *numbers, strict=True)
        yield [
            (person, firm, TESTS[test], low or None, up or None, "lead" if possible else "derived")
            for person, firm, test, low, up, possible in told
        ]


def _pieces(rows: Longs) -> Iterator[Longs]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _kinds(worked: Worked, places: list[int]) -> list[str]:
    graph = worked.graph
    return [graph.words.node_kinds[code] for code in graph.nodes.kinds[places].tolist()]


def _owners(worked: Worked, least: float) -> Iterator[list[Row]]:
    found, ids = worked.results(Interests), worked.graph.nodes.ids
    for rows in _pieces(np.flatnonzero(found.upper >= least)):
        owners = found.owners[rows].tolist()
        companies = owner_of(found.firsts, rows).tolist()
        direct, lower, upper = (a[rows].tolist() for a in (found.direct, found.lower, found.upper))
        told = zip(
            ids.many(owners), _kinds(worked, owners), ids.many(companies), direct, lower, upper, strict=True
        )
        yield [(o, k, c, d or None, low, up, up - low <= EXACT, "derived") for o, k, c, d, low, up in told]


def _control(worked: Worked) -> Iterator[list[Row]]:
    found, ids = worked.results(Control), worked.graph.nodes.ids
    for rows in _pieces(np.arange(len(found.controllers))):
        above = found.controllers[rows].tolist()
        companies = owner_of(found.firsts, rows).tolist()
        lower, upper, depth, class_, basis, top = (
            a[rows].tolist()
            for a in (found.lower, found.upper, found.depth, found.classes, found.bases, found.ultimate)
        )
        told = zip(
            ids.many(above),
            _kinds(worked, above),
            ids.many(companies),
            lower,
            upper,
            depth,
            class_,
            basis,
            top,
            strict=True,
        )
        yield [
            (x, kind, y, low, up, steps, "derived" if c == DERIVED else "lead", BASES[b], ultimate)
            for x, kind, y, low, up, steps, c, b, ultimate in told
        ]


def _groups(worked: Worked) -> Iterator[list[Row]]:
    """Members that are no natural persons; of an enterprise that heads a group too, without a parent."""
    found, held, graph = worked.results(Groups), worked.results(Control), worked.graph
    ids, person = graph.nodes.ids, graph.kind_code(EntityKind.PERSON)
    for rows in _pieces(np.flatnonzero(graph.nodes.kinds[found.members] != person)):
        tops, companies, by = (
            found.groups[rows].tolist(),
            found.members[rows].tolist(),
            found.rows[rows].tolist(),
        )
        sizes, shared = found.sizes[rows].tolist(), found.shared[rows].tolist()
        told = zip(ids.many(tops), _kinds(worked, tops), ids.many(companies), by, sizes, shared, strict=True)
        yield [(t, k, c, *_place_in(held, ids, r), "derived", size, both) for t, k, c, r, size, both in told]


def _place_in(held: Control, ids: Texts, row: int) -> tuple[str | None, int, float | None]:
    """Parent, depth and votes of a member of a group; it has none where it heads the group."""
    return (
        (ids[int(held.via[row])], int(held.depth[row]), float(held.lower[row]))
        if row >= 0
        else (None, 0, None)
    )
