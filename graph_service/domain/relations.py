"""The kinds of relation between entities. Subject holds, represents, manages, guarantees … object."""

from enum import StrEnum


class RelationKind(StrEnum):
    """Relation kinds, in the words of the public contract."""

    HOLDS = "holds"
    REPRESENTS = "represents"
    MANAGES = "manages"
    GUARANTEES = "guarantees"
    BRANCH_OF = "branch_of"
    LOCATED_AT = "located_at"
    REACHED_AT = "reached_at"
    CONTROLS_BY_AGREEMENT = "controls_by_agreement"
    ACTS_IN_CONCERT = "acts_in_concert"
    KIN_OF = "kin_of"
    PLEDGES = "pledges"
