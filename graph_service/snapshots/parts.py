"""What a refresh works out of a graph, in this order; each part is an analysis with its version and its result.

A part is a frozen dataclass of arrays, kept in the snapshot's folder under the part's name. What is worked out for
another moment goes through the same functions, so that both say the same to the last digit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from graph_service.analysis import associations as nearby
from graph_service.analysis import beneficial_owners as beneficial
from graph_service.analysis import control, groups, ownership, patterns, propagation, stakes
from graph_service.analysis.associations import AssociationRules, Associations
from graph_service.analysis.beneficial_owners import BeneficialOwners, Inputs, Thresholds
from graph_service.analysis.control import Control, ControlRules
from graph_service.analysis.groups import Groups
from graph_service.analysis.leads import Weight, leads
from graph_service.analysis.named_rules import Limits, Ruled
from graph_service.analysis.ownership import Interests
from graph_service.analysis.patterns import Patterns
from graph_service.analysis.patterns.finding import VERSION as PATTERNS_VERSION
from graph_service.analysis.propagation import Exposures, PropagationRules
from graph_service.analysis.stakes import Stakes
from graph_service.domain.errors import RulesError
from graph_service.domain.facts import RELATIONS, label
from graph_service.projection import CsrGraph
from graph_service.rules import Rules

T = TypeVar("T")
MONTH = 30.4375  # days
PATTERN = "pattern_"  # codes of thresholds: this and the name
IN_CHARGE = frozenset({"general_manager", "executive_director"})  # posts of the manager in charge


class Worked(Protocol):
    """A graph, the day that it is looked at, and what analysis finds in it: a snapshot, or a workspace."""

    @property
    def graph(self) -> CsrGraph:
        """The graph."""

    @property
    def as_of(self) -> int:
        """The day in the world."""

    def results(self, kind: type[T]) -> T:
        """The result of this type."""


@dataclass(frozen=True, slots=True)
class Part:
    """One analysis: the name of its arrays, the type of its result, its version, and what works it out.

    `compute` takes what is worked on and the rules of the day; it may ask for results of earlier parts.
    """

    name: str
    kind: type
    version: str
    compute: Callable[[Worked, Rules], Any]


def association_rules(rules: Rules, day: int) -> AssociationRules:
    """How associations are searched on a day."""
    held = rules.at(day)
    strengths = {kind: held.strength(label(kind)) for kind in RELATIONS}
    return AssociationRules(
        {kind: strength for kind, strength in strengths.items() if strength > 0},
        int(held.threshold("association_hops").value),
        held.threshold("association_least_share").value,
    )


def _stakes(worked: Worked, _rules: Rules) -> Stakes:
    return stakes.stakes(worked.graph, worked.as_of)


def _ownership(worked: Worked, _rules: Rules) -> Interests:
    return ownership.interests(worked.results(Stakes))


def control_rules(rules: Rules) -> ControlRules:
    """How control is judged by the rules of a day."""
    by_degree = frozenset(f"{r.reason_zh} / {r.reason_en}" for r in rules.hub_rules if r.threshold)
    return ControlRules(
        rules.threshold("control").value,
        rules.threshold("control_by_kin").value > 0,
        rules.threshold("control_rounding").value,
        by_degree,
    )


def _control(worked: Worked, rules: Rules) -> Control:
    held = worked.results(Stakes)
    return control.control(worked.graph, held, worked.as_of, control_rules(rules.at(worked.as_of)))


def _groups(worked: Worked, rules: Rules) -> Groups:
    by_degree = control_rules(rules.at(worked.as_of)).by_degree
    return groups.groups(worked.graph, worked.results(Control), worked.as_of, by_degree)


def _beneficial_owners(worked: Worked, rules: Rules) -> BeneficialOwners:
    held, graph = rules.at(worked.as_of), worked.graph
    posts = held.table("posts")
    managers = tuple(
        i for i, role in enumerate(graph.words.roles) if (post := posts.find(role)) and post.code in IN_CHARGE
    )
    by = Thresholds(
        held.threshold("beneficial_owner").value, held.threshold("beneficial_small_capital").value,
        held.threshold("control").value, managers,
    )  # fmt: skip
    return beneficial.beneficial_owners(
        Inputs(
            graph,
            worked.as_of,
            worked.results(Stakes),
            worked.results(Interests),
            worked.results(Control),
            by,
        )
    )


def _associations(worked: Worked, rules: Rules) -> Associations:
    graph, day, held = worked.graph, worked.as_of, rules.at(worked.as_of)
    near = nearby.nearest_listed(graph, association_rules(rules, day), day)
    limits = Limits(
        held.threshold("related_party").value,
        *(int(held.threshold(f"association_{name}_days").value) for name in ("office", "new", "revoked")),
    )
    scene = Ruled.of(
        graph, day, held=worked.results(Stakes), control=worked.results(Control), interests=worked.results(Interests),
        limits=limits,
    )  # fmt: skip
    weights = {r.code: Weight(r.strength, r.half_life_months * MONTH) for r in held.association_rules}
    return leads(scene, near, weights)


def _patterns(worked: Worked, rules: Rules) -> Patterns:
    graph, day, held = worked.graph, worked.as_of, rules.at(worked.as_of)
    by = {t.code.removeprefix(PATTERN): t.value for t in held.thresholds if t.code.startswith(PATTERN)}
    return patterns.patterns(patterns.Sought.of(graph, day, rules=by))


def propagation_rules(rules: Rules, day: int) -> PropagationRules:
    """How exposure is worked out on a day: over the same relations, as strong as in associations."""
    held, near = rules.at(day), association_rules(rules, day)
    onward, half_life = (
        held.threshold("propagation_onward").value,
        held.threshold("propagation_half_life").value,
    )
    if onward >= 1 or half_life <= 0:
        message = 'thresholds.toml: "propagation_onward" must be below 1 and "propagation_half_life" above 0'
        raise RulesError(f"{message}; correct them there.")
    return PropagationRules(near.strengths, near.least_share, onward, half_life * MONTH)


def _exposures(worked: Worked, rules: Rules) -> Exposures:
    return propagation.exposures(worked.graph, propagation_rules(rules, worked.as_of), worked.as_of)


PARTS = (
    Part("stakes", Stakes, stakes.VERSION, _stakes),
    Part("ownership", Interests, ownership.VERSION, _ownership),
    Part("control", Control, control.VERSION, _control),
    Part("groups", Groups, groups.VERSION, _groups),
    Part("beneficial_owners", BeneficialOwners, beneficial.VERSION, _beneficial_owners),
    Part("associations", Associations, nearby.VERSION, _associations),
    Part("propagation", Exposures, propagation.VERSION, _exposures),
    Part("patterns", Patterns, PATTERNS_VERSION, _patterns),
)


def part_of(kind: type) -> Part:
    """The part whose result is of this type."""
    return next(part for part in PARTS if part.kind is kind)


class Workspace:
    """A graph on a day; each part is worked out when it is first asked for."""

    def __init__(self, graph: CsrGraph, as_of: int, rules: Rules) -> None:
        self._graph, self._as_of, self._rules = graph, as_of, rules.at(as_of)
        self._done: dict[type, Any] = {}

    @property
    def graph(self) -> CsrGraph:
        """The graph."""
        return self._graph

    @property
    def as_of(self) -> int:
        """The day in the world."""
        return self._as_of

    def results(self, kind: type[T]) -> T:
        """The result of this type, worked out once."""
        if kind not in self._done:
            self._done[kind] = part_of(kind).compute(self, self._rules)
        return cast("T", self._done[kind])
