"""What an open data set's identifiers say about who somebody is, without keeping a person's number."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from graph_service.domain.facts import FactKind
from graph_service.domain.identifiers import (
    CHINA,
    PASSPORT,
    RESIDENT_ID,
    has_citizen_form,
    is_uscc,
    keyed_hash,
    normalize_code,
    person_id,
    uscc_id,
)
from graph_service.text.normal import normalize_name
from loaders.formats.gather import Said, Unfit

_SCHEME = re.compile(r"([A-Z]{3})-([A-Z]+)")
_CHINESE = {"CHN": CHINA}


class Document(NamedTuple):
    """Type, country and number of a person's document, as they are hashed."""

    kind: str
    country: str
    number: str

    def __repr__(self) -> str:
        """Without the number, which must not reach a message."""
        return f"Document({self.kind}, {self.country})"

    @property
    def is_citizens(self) -> bool:
        """Whether departments' feeds know the person by the same number."""
        return self.kind == RESIDENT_ID and self.country == CHINA


def document_of(scheme: str, number: str) -> Document:
    """A citizen's number by its form or scheme, others by the scheme of the identifier.

    >>> document_of("CHN-IDCARD", "1"), document_of("IRL-TAXID", "7")
    (Document(resident_id, CN), Document(taxid, IRL))
    """
    found = _SCHEME.fullmatch(scheme.strip().upper())
    country, kind = (_CHINESE.get(found[1], found[1]), found[2]) if found else ("", "")
    if (kind == "IDCARD" and country == CHINA) or has_citizen_form(normalize_code(number)):
        return Document(RESIDENT_ID, CHINA, number)
    return Document(PASSPORT if kind == "PASSPORT" else kind.lower() or "other", country or "XX", number)


def known_person(documents: Iterable[Document], key: bytes | None) -> str | None:
    """The id of a person with a citizen's number, the one that every feed gives. Raises Unfit without a key."""
    numbers = sorted({person_id(_given(key), *d) for d in documents if d.is_citizens})
    return numbers[0] if numbers else None


def candidate_marks(name: str | None, documents: Iterable[Document], key: bytes | None) -> list[str] | None:
    """Keyed hashes of name and other documents: two persons with an equal one may be the same; an officer confirms."""
    others = {d for d in documents if not d.is_citizens}
    marks = {f"{d.kind}-{d.country}": _hash(name or "", d, key) for d in sorted(others)}
    return [f"{pattern}:{hashed}" for pattern, hashed in sorted(marks.items())] or None


def _hash(name: str, document: Document, key: bytes | None) -> str:
    text = f"{normalize_name(name)}:{document.kind}:{document.country}:{normalize_code(document.number)}"
    return keyed_hash(_given(key), text)


def _given(key: bytes | None) -> bytes:
    if key is None:
        # Files with numbers are not let in without a key; this holds should one slip through.
        raise Unfit("no_key", None)
    return key


def known_organisation(codes: Iterable[str]) -> str | None:
    """The id of an organisation one of whose codes is a valid unified social credit code."""
    return next((uscc_id(c) for code in codes if is_uscc(c := normalize_code(code))), None)


def organisation_codes(said: Said, id_: str, codes: Sequence[str], **fields: Any) -> None:
    """Codes as names to search by."""
    own = id_.partition(":")[2]
    for code in dict.fromkeys(codes):
        if normalize_code(code) != own:
            said.fact(FactKind.ALIAS, id_, role="identifier", name=code, **fields)
