"""FollowTheMoney: which schema is which kind of entity or relation, and which properties say what about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind

NODES: dict[str, EntityKind] = {
    "Company": EntityKind.ENTERPRISE,
    "Organization": EntityKind.ORGANIZATION,
    "LegalEntity": EntityKind.ORGANIZATION,
    "PublicBody": EntityKind.ORGANIZATION,
    "Person": EntityKind.PERSON,
    "Address": EntityKind.ADDRESS,
}
"""Schemata that are entities here. A UserAccount is one only where this program wrote it: a telephone or e-mail."""
ACCOUNT, SANCTION = "UserAccount", "Sanction"
NUMBERS = ("Identification", "Passport")
"""Schemata that say the number of a document and who holds it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A schema that is a relation: the properties of its ends, of its role, and the kind that it is."""

    subject: str
    object: str
    kind: FactKind | None
    role: str = "role"


LINKS: dict[str, Link] = {
    "Ownership": Link("owner", "asset", FactKind.HOLDS),
    "Directorship": Link("director", "organization", FactKind.MANAGES),
    "Employment": Link("employee", "employer", FactKind.MANAGES),
    "Membership": Link("member", "organization", FactKind.MANAGES),
    "Representation": Link("agent", "client", None),
    "Control": Link("controller", "controlled", FactKind.CONTROLS_BY_AGREEMENT),
    "Family": Link("person", "relative", FactKind.KIN_OF, "relationship"),
    "Associate": Link("person", "associate", None, "relationship"),
    "UnknownLink": Link("subject", "object", None),
}
"""Relations. `summary` of one that this program wrote is its kind; None: no kind here unless `summary` says one."""
SCHEMA_OF: dict[FactKind, str] = {
    FactKind.HOLDS: "Ownership",
    FactKind.REPRESENTS: "Directorship",
    FactKind.MANAGES: "Directorship",
    FactKind.KIN_OF: "Family",
    FactKind.CONTROLS_BY_AGREEMENT: "Control",
}
OTHERS = "UnknownLink"

UNUSED = frozenset({
    "Airplane", "Analyzable", "Article", "Asset", "Audio", "BankAccount", "Call", "CallForTenders", "Contract",
    "ContractAward", "CourtCase", "CourtCaseParty", "CryptoWallet", "Debt", "Document", "Documentation", "EconomicActivity",
    "Email", "Event", "Folder", "HyperText", "Image", "Interest", "Interval", "License", "Mention", "Message",
    "Note", "Occupancy", "Package", "Page", "Pages", "Payment", "PlainText", "Position", "Project",
    "ProjectParticipant", "RealEstate", "Risk", "Security", "Similar", "Succession", "Table", "TaxRoll", "Territory", "Thing", "Trip",
    "UserAccount", "Value", "Vehicle", "Vessel", "Video", "Workbook",
})  # fmt: skip
"""Schemata of the model that say nothing that is kept here."""

PERSON_NUMBERS = {
    "idNumber": "resident_id", "passportNumber": "passport", "socialSecurityNumber": "social_security",
    "taxNumber": "tax_number", "innCode": "tax_number", "registrationNumber": "other",
}  # fmt: skip
"""Properties of a Person that are identity numbers, and the type of document that their keyed hash names."""
CODES = ("registrationNumber", "leiCode", "taxNumber", "vatCode", "innCode", "ogrnCode", "idNumber", "dunsCode",
         "swiftBic", "icijId", "opencorporatesUrl", "wikidataId", "permId")  # fmt: skip
"""Properties that identify an organisation; `uscCode` is our own code."""

_BOUND = re.compile(r"(>=|<=|>|<)?\s*(\d+(?:\.\d+)?)\s*%?")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*%?\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)\s*%?")


def bounds_of(text: str) -> dict[str, str] | None:
    """What a percentage says: `exact`, or `minimum` … as in BODS, in per cent; None for what is none.

    >>> bounds_of("50 %"), bounds_of("25-50"), bounds_of(">25 <=50"), bounds_of("some")
    ({'exact': '50'}, {'minimum': '25', 'maximum': '50'}, {'exclusiveMinimum': '25', 'maximum': '50'}, None)
    """
    text = text.strip()
    if both := _RANGE.fullmatch(text):
        return {"minimum": both[1], "maximum": both[2]}
    names = {
        "": "exact",
        ">=": "minimum",
        ">": "exclusiveMinimum",
        "<=": "maximum",
        "<": "exclusiveMaximum",
    }
    found = list(_BOUND.finditer(text))
    if not found or _BOUND.sub("", text).strip():
        return None
    said = {names[m[1] or ""]: m[2] for m in found}
    return said if len(said) == len(found) and ("exact" not in said or len(said) == 1) else None


VOTES, AMOUNT = "voting rights ", "amount in yuan "
"""How descriptions begin in which this program says what the model has no property for."""


def percentage(exact: str | None, limits: dict[str, str]) -> str | None:
    """A percentage as text, the other way round than `bounds_of`; values in per cent.

    >>> percentage("50", {}), percentage(None, {"minimum": "25", "maximum": "50"}), percentage(None, {"minimum": "75"})
    ('50', '25-50', '>=75')
    """
    if exact is not None:
        return exact
    if limits.keys() == {"minimum", "maximum"}:
        return f"{limits['minimum']}-{limits['maximum']}"
    signs = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
    return " ".join(f"{signs[n]}{v}" for n, v in limits.items()) or None
