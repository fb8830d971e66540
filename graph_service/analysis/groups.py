"""Groups: the enterprises under one ultimate controller, with the tree that leads to each.

Definition. On a day the group of a controller that nobody else controls is that controller and all that it surely
controls; it is named by the controller, and by the first of them where several control each other. A member's parent is
the holder, or party of an agreement, that adds most to the controller's votes in it, one step nearer (`via` of its row). An enterprise
under several ultimate controllers is a member of the group of each and marked as shared. State bodies and other named
neutral hubs head no group: those whom they hold are not related by it, and each is the head of what is below it.

Source: 公司法（2023）第二百六十五条 (control; state-owned firms are not related merely because the state controls both).
"""

from dataclasses import dataclass

import numpy as np

from graph_service.analysis.control import DERIVED, Control
from graph_service.analysis.control_signs import neutral
from graph_service.domain.entities import EntityKind
from graph_service.projection.arrays import MISSING, Flags, Ints, freeze
from graph_service.projection.graph import CsrGraph

VERSION = "groups-1"


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows (group, member), ascending by group, its heads first, then by member; all are places.

    `groups`: the controller that names the group. `rows`: the row of control by which the member belongs to it, MISSING
    for its heads. `shared`: the member belongs to several groups. `sizes`: members of the row's group without natural
    persons. Rows of one member: by_member[…] where `sorted_members` is the member.
    """

    groups: Ints
    members: Ints
    rows: Ints
    shared: Flags
    sizes: Ints
    by_member: Ints
    sorted_members: Ints

    def of(self, group: int) -> range:
        """Rows of the members of a group."""
        low, high = np.searchsorted(self.groups, [group, group + 1])
        return range(int(low), int(high))

    def of_member(self, member: int) -> Ints:
        """Rows of one entity, in the order of the groups."""
        low, high = np.searchsorted(self.sorted_members, [member, member + 1])
        return self.by_member[int(low) : int(high)]


def groups(graph: CsrGraph, control: Control, day: int, by_degree: frozenset[str] = frozenset()) -> Groups:
    """All groups of a day. `by_degree`: reasons of hubs that may head a group. Cost: linear in the rows of control.

    >>> from graph_service.analysis.control import control
    >>> from graph_service.analysis.stakes import stakes
    >>> from tests.graphs import DAY, holds, project
    >>> graph = project([holds("p:1", "e:a", 0.6), holds("e:a", "e:b", 0.7)])
    >>> found = groups(graph, control(graph, stakes(graph, DAY), DAY), DAY)
    >>> ids = graph.nodes.ids
    >>> sorted(ids[int(found.members[r])] for r in found.of(graph.place("p:1")))
    ['e:a', 'e:b', 'p:1']
    """
    from graph_service.projection.lookup_kernels import grouped_by, offsets_of  # noqa: PLC0415  (loads the compiler)

    count = graph.node_count
    enterprises = control.controlled()
    chosen, names = _headed(control, enterprises, neutral(graph, by_degree, day), count)
    heads = np.unique(control.controllers[chosen])
    chosen = chosen[names[control.controllers[chosen]] != names[enterprises[chosen]]]
    every = (
        np.concatenate([names[heads], names[control.controllers[chosen]]]),
        np.concatenate([heads, enterprises[chosen]]),
        np.concatenate([np.full(len(heads), MISSING, np.int32), chosen]),
    )
    order = grouped_by(every[0], offsets_of(every[0], count))
    named, members = every[0][order], every[1][order]
    order = order[np.r_[True, (named[1:] != named[:-1]) | (members[1:] != members[:-1])][: len(order)]]
    named, members, rows = (column[order] for column in every)
    is_person = graph.nodes.kinds[members] == graph.kind_code(EntityKind.PERSON)
    sizes = np.bincount(named[~is_person], minlength=count).astype(np.int32)
    shared = np.bincount(members, minlength=count) > 1
    by_member = grouped_by(members, offsets_of(members, count))
    result = Groups(named, members, rows, shared[members], sizes[named], by_member, members[by_member])
    freeze(result)
    return result


def _headed(control: Control, enterprises: Ints, left_out: Flags, count: int) -> tuple[Ints, Ints]:
    """Rows of control whose controller heads a group, and the name of the group that each entity would head."""
    from graph_service.analysis import control_kernels as kernels  # noqa: PLC0415  (loads the compiler)

    key = (control.firsts, control.controllers, control.classes)
    below = kernels.below_others(enterprises, key, left_out)
    counts = (control.classes == DERIVED) & ~left_out[control.controllers]
    chosen = np.flatnonzero(counts & ~below[control.controllers]).astype(np.int32)
    names = np.arange(count, dtype=np.int32)
    mutual = chosen[~below[enterprises[chosen]] & ~left_out[enterprises[chosen]]]
    np.minimum.at(names, enterprises[mutual], control.controllers[mutual])
    return chosen, names
