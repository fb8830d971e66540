"""Valid codes by construction, for properties."""

from datetime import date

from hypothesis import strategies as st

from graph_service.domain.identifiers import (
    CATEGORIES,
    ORGANISATION_ALPHABET,
    USCC_ALPHABET,
    citizen_check_character,
    known_divisions,
    organisation_check_character,
    regno_check_digit,
    uscc_check_character,
)

TODAY = date(2026, 6, 30)
REGIONS = sorted({d.code for d in known_divisions()})
COUNTIES_NOW = sorted(d.code for d in known_divisions() if d.last_year is None and not d.code.endswith("00"))
_LETTERS_OF_BOTH = [c for c in USCC_ALPHABET if c in ORGANISATION_ALPHABET]


@st.composite
def organisation_codes(draw: st.DrawFn) -> str:
    body = "".join(draw(st.lists(st.sampled_from(_LETTERS_OF_BOTH), min_size=8, max_size=8)))
    return body + organisation_check_character(body)


@st.composite
def usccs(draw: st.DrawFn) -> str:
    kind, region = draw(st.sampled_from(sorted(CATEGORIES))), draw(st.sampled_from(REGIONS))
    body = kind + region + draw(organisation_codes())
    return body + uscc_check_character(body)


@st.composite
def regnos(draw: st.DrawFn) -> str:
    body = draw(st.sampled_from(REGIONS)) + f"{draw(st.integers(0, 99999999)):08d}"
    return body + regno_check_digit(body)


@st.composite
def citizens(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1930, 1, 1), TODAY))
    body = f"{draw(st.sampled_from(COUNTIES_NOW))}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + citizen_check_character(body)
