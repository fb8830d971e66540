"""Beneficial owners (受益所有人), computed and not filed: the natural persons behind an enterprise, test after test.

Definition. In this order, the first test that names anybody ends the search: an interest of at least 25 %, direct and
indirect together (derived at the lower bound, a possibility at the upper); at least 25 % of the votes, one's own and
those of all that one controls; control, alone or jointly. A company most of which state bodies own names its
representative. Else its manager in charge, else its representative. 25 % means 0.25 − 1e-9.

Source: 受益所有人信息管理办法（中国人民银行 国家市场监督管理总局令〔2024〕第3号）第六条, 第七条, 第三条 (exemptions).
"""

from dataclasses import dataclass

import numpy as np

from graph_service.analysis.control import DERIVED, JOINT, Control
from graph_service.analysis.named_rules import expanded
from graph_service.analysis.ownership import Interests
from graph_service.analysis.stakes import Stakes
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import Flags, Floats, Ints, Longs, Smalls, freeze
from graph_service.projection.graph import CsrGraph

VERSION = "beneficial-owners-1"
TESTS = ("equity", "votes", "control", "joint_control", "state_owned", "manager", "representative")
EQUITY, VOTES, CONTROL, JOINT_CONTROL, STATE, MANAGER, REPRESENTATIVE = range(7)
NEED_NOT_FILE, ON_PROMISE = 1, 2  # bits of `notes`
FREE_FAMILIES = ("sole_proprietorship", "cooperative", "branch", "individual_business")
MARGIN = 1e-9


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the tests decide by.

    `least`: share of interest or votes. `small_capital`: up to which a firm of natural persons alone is exempt on a promise.
    `state_share`: above which state bodies own a company. `managers`: codes of the roles that mean the manager in charge.
    """

    least: float
    small_capital: float
    state_share: float
    managers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BeneficialOwners:
    """In the order of enterprise, then person; those of enterprise j are rows firsts[j]:firsts[j+1].

    `persons`; `tests`: place in TESTS; `lower` and `upper` bound of the interest or the votes; `possible`: named at the upper
    bound only. `notes` per entity: 1 need not file by its kind, 2 exempt on a promise.
    """

    firsts: Longs
    persons: Ints
    tests: Smalls
    lower: Floats
    upper: Floats
    possible: Flags
    notes: Smalls

    def of(self, enterprise: int) -> range:
        """Rows of an enterprise."""
        return range(int(self.firsts[enterprise]), int(self.firsts[enterprise + 1]))

    def enterprises(self) -> Ints:
        """The enterprise of each row."""
        return np.repeat(np.arange(len(self.firsts) - 1, dtype=np.int32), np.diff(self.firsts))


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the tests look at."""

    graph: CsrGraph
    day: int
    held: Stakes
    interests: Interests
    control: Control
    thresholds: Thresholds

    @property
    def persons(self) -> Flags:
        """Natural persons."""
        return np.asarray(self.graph.nodes.kinds == self.graph.kind_code(EntityKind.PERSON))


Rows = tuple[Ints, Ints, Floats, Floats]  # enterprise, person, lower, upper


def beneficial_owners(found: Inputs) -> BeneficialOwners:
    """Of every enterprise. Cost: linear in interests, stakes and offices.

    >>> from tests.graphs import beneficial_owners_of, holds
    >>> beneficial_owners_of([holds("p:1", "e:1", 0.25), holds("p:2", "e:1", 0.75)], "e:1")
    [('p:1', 'equity'), ('p:2', 'equity')]
    """
    firms = np.zeros(found.graph.node_count, np.bool_)
    firms[found.graph.of_kind(EntityKind.ENTERPRISE)] = True
    is_open, told = firms.copy(), []
    for number, test in enumerate(
        (_equity, _votes, _controllers, _joint, _state, _managers, _representatives)
    ):
        enterprises, persons, lower, upper = test(found, is_open)
        keep = is_open[enterprises]
        told.append(
            (enterprises[keep], persons[keep], np.full(int(keep.sum()), number), lower[keep], upper[keep])
        )
        is_open[enterprises[keep]] = False
    enterprises, persons, tests, lower, upper = (np.concatenate([t[i] for t in told]) for i in range(5))
    order = np.lexsort((persons, enterprises))
    firsts = np.zeros(found.graph.node_count + 1, np.int64)
    np.cumsum(np.bincount(enterprises, minlength=found.graph.node_count), out=firsts[1:])
    possible = (tests == EQUITY) & (lower < found.thresholds.least - MARGIN)
    out = BeneficialOwners(
        firsts, persons[order].astype(np.int32), tests[order].astype(np.int8), lower[order], upper[order],
        possible[order], _notes(found),
    )  # fmt: skip
    freeze(out)
    return out


def _equity(found: Inputs, _: Flags) -> Rows:
    i = found.interests
    rows = (i.upper >= found.thresholds.least - MARGIN) & found.persons[i.owners]
    return i.companies()[rows], i.owners[rows], i.lower[rows], i.upper[rows]


def _votes(found: Inputs, is_open: Flags) -> Rows:
    """Votes of a person and of all companies that it controls, where that is at least the threshold."""
    held, control = found.held, found.control
    own = is_open[held.held] & found.persons[held.holders]
    through = np.flatnonzero(is_open[held.held] & ~found.persons[held.holders])
    row, at = expanded(control.firsts, held.holders[through])
    keep = (control.classes[at] == DERIVED) & found.persons[control.controllers[at]]
    row, at = through[row[keep]], at[keep]
    enterprises = np.concatenate([held.held[own], held.held[row]])
    persons = np.concatenate([held.holders[own], control.controllers[at]])
    key = enterprises.astype(np.int64) * found.graph.node_count + persons
    keys, which = np.unique(key, return_inverse=True)
    sums = np.bincount(which, np.concatenate([held.votes[own], held.votes[row]]), len(keys)).astype(
        np.float64
    )
    enough = sums >= found.thresholds.least - MARGIN
    enterprise, person = np.divmod(keys[enough], max(found.graph.node_count, 1))
    return enterprise.astype(np.int32), person.astype(np.int32), sums[enough], sums[enough]


def _controllers(found: Inputs, _: Flags) -> Rows:
    c = found.control
    rows = (c.classes == DERIVED) & found.persons[c.controllers]
    return c.controlled()[rows], c.controllers[rows], c.lower[rows], c.upper[rows]


def _joint(found: Inputs, _: Flags) -> Rows:
    held, is_joint = found.held, (found.control.notes & JOINT) > 0
    rows = is_joint[held.held] & found.persons[held.holders] & (held.votes >= found.thresholds.least - MARGIN)
    return held.held[rows], held.holders[rows], held.votes[rows], held.votes[rows]


def _state(found: Inputs, is_open: Flags) -> Rows:
    """The representatives of companies that state bodies own for the most part."""
    i, graph = found.interests, found.graph
    is_state = graph.hubs_on(found.day) & (graph.nodes.kinds == graph.kind_code(EntityKind.ORGANIZATION))
    rows = is_state[i.owners]
    share = np.bincount(i.companies()[rows], i.lower[rows], graph.node_count)
    return _in_office(found, is_open & (share > found.thresholds.state_share), FactKind.REPRESENTS)


def _managers(found: Inputs, is_open: Flags) -> Rows:
    return _in_office(found, is_open, FactKind.MANAGES)


def _representatives(found: Inputs, is_open: Flags) -> Rows:
    return _in_office(found, is_open, FactKind.REPRESENTS)


def _in_office(found: Inputs, firms: Flags, kind: FactKind) -> Rows:
    e = found.graph.edges
    chosen = found.graph.edges_on(found.day, (kind,)) & firms[e.objects] & found.persons[e.subjects]
    if kind is FactKind.MANAGES:
        chosen &= np.isin(e.roles, found.thresholds.managers)
    key = np.unique(e.objects[chosen].astype(np.int64) * found.graph.node_count + e.subjects[chosen])
    enterprise, person = np.divmod(key, max(found.graph.node_count, 1))
    none = np.zeros(len(key))
    return enterprise.astype(np.int32), person.astype(np.int32), none, none


def _notes(found: Inputs) -> Smalls:
    graph, held = found.graph, found.held
    free = [i for i, word in enumerate(graph.words.types) if word in FREE_FAMILIES]
    out = np.zeros(graph.node_count, np.int8)
    out[np.isin(graph.nodes.types, free)] |= NEED_NOT_FILE
    out[graph.nodes.kinds == graph.kind_code(EntityKind.INDIVIDUAL_BUSINESS)] |= NEED_NOT_FILE
    others = np.bincount(held.held[~found.persons[held.holders]], minlength=graph.node_count)
    agreed = np.zeros(graph.node_count, np.bool_)
    agreed[graph.edges.objects[graph.edges_on(found.day, (FactKind.CONTROLS_BY_AGREEMENT,))]] = True
    is_plain = (np.diff(held.firsts) > 0) & (others == 0) & ~agreed
    out[is_plain & (graph.nodes.capital <= found.thresholds.small_capital)] |= ON_PROMISE
    return out
