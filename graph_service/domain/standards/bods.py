"""The Beneficial Ownership Data Standard 0.4: which interest is which relation, which type of entity which kind."""

from __future__ import annotations

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import Fact, FactKind

VERSION = "0.4"
SHAREHOLDING, VOTING = "shareholding", "votingRights"
_HOLDS, _CONTROLS, _MANAGES = FactKind.HOLDS, FactKind.CONTROLS_BY_AGREEMENT, FactKind.MANAGES
INTERESTS: dict[str, FactKind] = {
    "shareholding": _HOLDS,
    "votingRights": _HOLDS,
    "rightsToProfitOrIncome": _HOLDS,
    "rightToProfitOrIncomeFromAssets": _HOLDS,
    "rightsToSurplusAssetsOnDissolution": _HOLDS,
    "enjoymentAndUseOfAssets": _HOLDS,
    "beneficiaryOfLegalArrangement": _HOLDS,
    "conditionalRightsGrantedByContract": _HOLDS,
    "nominee": _HOLDS,
    "unknownInterest": _HOLDS,
    "unpublishedInterest": _HOLDS,
    "appointmentOfBoard": _CONTROLS,
    "otherInfluenceOrControl": _CONTROLS,
    "controlViaCompanyRulesOrArticles": _CONTROLS,
    "controlByLegalFramework": _CONTROLS,
    "rightsGrantedByContract": _CONTROLS,
    "settlor": _CONTROLS,
    "protector": _CONTROLS,
    "nominator": _CONTROLS,
    "boardMember": _MANAGES,
    "boardChair": _MANAGES,
    "seniorManagingOfficial": _MANAGES,
    "trustee": _MANAGES,
}
"""Relation of each type of interest; one that is not stated is a holding of unknown size."""

WRITTEN = (_HOLDS, FactKind.REPRESENTS, _MANAGES, _CONTROLS)
"""Relations that are interests of the standard; it has no word for the others."""

ENTITY_TYPES: dict[str, EntityKind] = {
    "registeredEntity": EntityKind.ENTERPRISE,
    "legalEntity": EntityKind.ORGANIZATION,
    "arrangement": EntityKind.ORGANIZATION,
    "anonymousEntity": EntityKind.ORGANIZATION,
    "unknownEntity": EntityKind.ORGANIZATION,
    "state": EntityKind.ORGANIZATION,
    "stateBody": EntityKind.ORGANIZATION,
}
PERSON_TYPES = frozenset({"knownPerson", "anonymousPerson", "unknownPerson"})
REASONS = frozenset({
    "noBeneficialOwners", "subjectUnableToConfirmOrIdentifyBeneficialOwner", "subjectExemptFromDisclosure",
    "interestedPartyHasNotProvidedInformation", "interestedPartyExemptFromDisclosure", "unknown",
    "informationUnknownToPublisher",
})  # fmt: skip
"""Reasons why somebody is not named."""
_REGISTERED = (EntityKind.ENTERPRISE, EntityKind.INDIVIDUAL_BUSINESS)
_MARK = "credit-graph: "


def entity_type(kind: str) -> str:
    """The type of an entity of which no source stated one.

    >>> entity_type("enterprise"), entity_type("organization")
    ('registeredEntity', 'legalEntity')
    """
    return "registeredEntity" if kind in _REGISTERED else "legalEntity"


def interest_type(fact: Fact) -> str:
    """The type of interest of a relation: what a BODS file said, else the nearest one."""
    stated = fact.attributes.get("interest")
    if isinstance(stated, str) and stated in INTERESTS:
        return stated
    if fact.kind is _HOLDS:
        return SHAREHOLDING
    return "otherInfluenceOrControl" if fact.kind is _CONTROLS else "seniorManagingOfficial"


def own_details(kind: str, role: str | None) -> str:
    """What the details of an interest say of a relation that is more exact than its type of interest.

    >>> own_details("represents", "principal"), own_meaning("credit-graph: represents principal")
    ('credit-graph: represents principal', ('represents', 'principal'))
    """
    return f"{_MARK}{kind} {role}" if role else f"{_MARK}{kind}"


def own_meaning(details: str) -> tuple[str, str | None] | None:
    """Kind and role that `own_details` wrote; None for what others wrote."""
    if not details.startswith(_MARK):
        return None
    kind, _, role = details[len(_MARK) :].partition(" ")
    return (kind, role or None) if kind in {k.name.lower() for k in WRITTEN} else None
