"""Answers about who owns and who controls: computed by stated rules, so class `derived`, or a possibility."""

from dataclasses import dataclass
from typing import ClassVar

from graph_service.domain.findings import FindingClass
from graph_service.results.base import Answer
from graph_service.results.entities import EntityRef
from graph_service.results.graph import RelationItem
from graph_service.results.sentences import Sentence


@dataclass(frozen=True, slots=True)
class OwnershipChain:
    """One chain of holdings, owner first. `lower`, `upper`: product of the shares; one number where all are known."""

    entities: tuple[EntityRef, ...]
    lower: float
    upper: float
    relations: tuple[RelationItem, ...] = ()

    def __str__(self) -> str:
        return " → ".join(e.name or e.id for e in self.entities) + f" = {self.lower:.4%}"


@dataclass(frozen=True, slots=True)
class Interest:
    """What one owner has of one enterprise in the end.

    `direct`: the share as stated, null for none; `interest_lower`, `interest_upper`: bounds of the look-through interest;
    `exact`: they are equal; `shown`: the part of the lower bound that the chains carry.
    """

    owner: EntityRef
    enterprise: EntityRef
    direct: float | None
    interest_lower: float
    interest_upper: float
    exact: bool
    chains: tuple[OwnershipChain, ...]
    shown: float
    statement: Sentence
    class_: FindingClass = FindingClass.DERIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners(Answer):
    """All who have an interest in an entity, largest first; `remarks`: what must be known beside the numbers."""

    rows_in: ClassVar[str | None] = "owners"

    entity: EntityRef
    owners: tuple[Interest, ...]
    remarks: tuple[Sentence, ...]
    none_found: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings(Answer):
    """All that an entity has an interest in, largest first."""

    rows_in: ClassVar[str | None] = "holdings"

    entity: EntityRef
    holdings: tuple[Interest, ...]
    none_found: Sentence | None = None


@dataclass(frozen=True, slots=True)
class ControlItem:
    """That one controls another. `votes_lower`, `votes_upper`: its votes with all that it controls.

    `basis`: votes, agreement, concert, kin; `ultimate`: nobody but those it controls controls the controller; `depth`:
    steps of the shortest chain; `chain`: the relations of one chain of control, from the top; `acting_with`: who acts in
    concert with the controller; `grounds`: of ultimate and possible
    controllers all relations that the votes add up from, with those that join parties.
    """

    controller: EntityRef
    enterprise: EntityRef
    votes_lower: float
    votes_upper: float
    depth: int
    basis: str
    ultimate: bool
    chain: tuple[RelationItem, ...]
    statement: Sentence
    class_: FindingClass
    acting_with: tuple[EntityRef, ...] = ()
    grounds: tuple[RelationItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A suspected actual controller: the rule that named it, how far to trust the rule, and what it says."""

    controller: EntityRef
    rule: str
    confidence: float
    statement: Sentence
    class_: FindingClass = FindingClass.DERIVED


@dataclass(frozen=True, slots=True)
class Influence:
    """A holder with at least a fifth of the votes that does not control: significant influence, no control."""

    holder: EntityRef
    votes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Controllers(Answer):
    """Who controls an entity: ultimate controllers first, then those between.

    `status`: identified, several, suspected (by other rules than votes), joint, possible, boundary, undisclosed, none;
    `finding` says it in words, `remarks` what must be known beside it; `boundary`: holders above at which chains end
    because their own owners are in no file.
    """

    rows_in: ClassVar[str | None] = "controllers"

    entity: EntityRef
    status: str
    finding: Sentence
    controllers: tuple[ControlItem, ...]
    suspected: tuple[Suspect, ...]
    significant_influence: tuple[Influence, ...]
    boundary: tuple[EntityRef, ...] = ()
    remarks: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Controlled(Answer):
    """What an entity controls, nearest first."""

    rows_in: ClassVar[str | None] = "controlled"

    entity: EntityRef
    controlled: tuple[ControlItem, ...]
    none_found: Sentence | None = None


@dataclass(frozen=True, slots=True)
class GroupMember:
    """An enterprise of a group: the holder through which it is controlled, how deep, by how many votes.

    `shared`: it stands under several ultimate controllers and belongs to the group of each.
    """

    entity: EntityRef
    parent: EntityRef | None
    depth: int
    votes: float
    shared: bool = False
    class_: FindingClass = FindingClass.DERIVED


@dataclass(frozen=True, slots=True)
class Group:
    """All enterprises under one ultimate controller; `together`: others that head it too, each controlling the other."""

    controller: EntityRef
    size: int
    members: tuple[GroupMember, ...]
    together: tuple[EntityRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups(Answer):
    """The groups that an entity belongs to: one for each of its ultimate controllers."""

    rows_in: ClassVar[str | None] = "members"

    entity: EntityRef
    groups: tuple[Group, ...]
    none_found: Sentence | None = None

    @property
    def members(self) -> tuple[GroupMember, ...]:
        """The members of all groups."""
        return tuple(member for group in self.groups for member in group.members)
