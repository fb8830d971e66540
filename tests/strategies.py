"""Random facts about a few entities."""

from hypothesis import strategies as st

from graph_service.domain.facts import RELATIONS, Fact, FactKind
from tests.graphs import DAY, LISTED

FIRMS = [f"e:{i}" for i in range(6)]
PERSONS = [f"p:{i}" for i in range(3)]
PLACES = ["a:0", "c:0"]
EVERYONE = [*FIRMS, *PERSONS, *PLACES]
starts = st.none() | st.integers(DAY - 5, DAY + 5)
SHARES = [0.001, 0.1, 0.25, 0.5, 0.7, 1.0]


@st.composite
def relations(draw: st.DrawFn) -> Fact:
    """A relation between two of them, with or without dates, from one of two sources."""
    kind = draw(st.sampled_from([k for k in RELATIONS if k is not FactKind.KIN_OF]))
    start, length = draw(starts), draw(st.none() | st.integers(1, 6))
    stop = None if length is None else (DAY if start is None else start) + length
    share = draw(st.none() | st.sampled_from(SHARES)) if kind is FactKind.HOLDS else None
    subject, object_ = draw(st.sampled_from(EVERYONE)), draw(st.sampled_from(EVERYONE))
    source = draw(st.sampled_from(["registry", "reports"]))
    return Fact(source, kind, subject, object_, valid_from=start, valid_to=stop, share=share)


@st.composite
def records(draw: st.DrawFn) -> Fact:
    """A record about one of them; some kinds list."""
    kind = draw(st.sampled_from([*sorted(LISTED), "abnormal_operation"]))
    start, length = draw(starts), draw(st.none() | st.integers(1, 8))
    stop = None if length is None else (DAY if start is None else start) + length
    entity = draw(st.sampled_from([*FIRMS, *PERSONS]))
    part = draw(st.sampled_from(["1", "2"]))
    return Fact("court", FactKind.RECORD, entity, role=kind, part=part, valid_from=start, valid_to=stop)


@st.composite
def exits(draw: st.DrawFn) -> Fact:
    """An event in the life of a record."""
    kind, document = draw(st.sampled_from(sorted(LISTED))), draw(st.sampled_from(["", "1", "2"]))
    words = ["repaired", "revoked", "objected", "objection_ended", "suspended", "suspension_ended"]
    entity, event = draw(st.sampled_from([*FIRMS, *PERSONS])), draw(st.sampled_from(words))
    day = draw(st.integers(DAY - 4, DAY + 6))
    return Fact(
        "exits", FactKind.EXIT, entity, role=event, part=f"{kind}|{document}|2024-01-01", valid_from=day
    )


histories = st.tuples(
    st.lists(relations(), max_size=25), st.lists(records(), max_size=6), st.lists(exits(), max_size=5)
).map(lambda parts: [*parts[0], *parts[1], *parts[2]])
