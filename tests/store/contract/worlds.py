"""Random deliveries over a small world in which everything meets everything."""

from hypothesis import strategies as st

from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.identifiers import name_id, regno_id
from graph_service.text.normal import normalize_name
from tests.store.deliveries import (
    HONOURS,
    PENALTIES,
    REGISTRATION,
    SHAREHOLDERS,
    Load,
    Row,
    alias,
    holds,
    named,
    person_at,
    record,
    represents,
)

REGNO = "411202000012345"
FIRMS = ("uscc:91411202MA40AB121R", "uscc:91411202MA40AB13XX")
FIRM_NAMES = ("三门峡甲商贸有限公司", "三门峡乙商贸有限公司")
BY_NUMBER = regno_id(REGNO)
BY_NAME = {name_id(normalize_name(name)): name for name in FIRM_NAMES}
PEOPLE = ("person:" + "a" * 32, "person:" + "b" * 32)
PEOPLE_NAMES = ("张三", "李四")
ENTERPRISES = (*FIRMS, BY_NUMBER, *BY_NAME)
AT = {person_at(e, name): name for e in ENTERPRISES for name in PEOPLE_NAMES}

days = st.integers(1, 60)
intervals = st.tuples(st.none() | days, st.none() | st.integers(1, 30)).map(
    lambda pair: (pair[0], None if pair[1] is None else (pair[0] or 0) + pair[1])
)


@st.composite
def registrations(draw: st.DrawFn) -> list[Row]:
    """A firm with its name, perhaps its number and a former name."""
    firm = draw(st.sampled_from(FIRMS))
    rows = [named(REGISTRATION, firm, draw(st.sampled_from(FIRM_NAMES)), in_business=draw(st.booleans()))]
    if draw(st.booleans()):
        rows.append(alias(firm, "regno", REGNO))
    if draw(st.booleans()):
        start, stop = draw(intervals)
        rows.append(alias(firm, "former_name", draw(st.sampled_from(FIRM_NAMES)), start, stop))
    if draw(st.booleans()):
        start, stop = draw(intervals)
        rows.append(represents(draw(st.sampled_from(PEOPLE)), firm, start, stop))
    return rows


@st.composite
def shareholdings(draw: st.DrawFn) -> list[Row]:
    """A holder of an enterprise, numbered or known by name, perhaps an organisation known by name."""
    enterprise = draw(st.sampled_from(ENTERPRISES))
    name = draw(st.sampled_from(PEOPLE_NAMES))
    holder = draw(st.sampled_from((*PEOPLE, person_at(enterprise, name), *BY_NAME)))
    start, stop = draw(intervals)
    share = draw(st.sampled_from((None, 0.25, 0.5)))
    rows = [holds(holder, enterprise, share, valid_from=start, valid_to=stop)]
    if holder in BY_NAME or holder in PEOPLE or holder in AT:
        called = BY_NAME.get(holder, name)
        rows.append(named(SHAREHOLDERS, holder, called))
    if enterprise in BY_NUMBER:
        rows.append(named(SHAREHOLDERS, enterprise, draw(st.sampled_from(FIRM_NAMES))))
    if enterprise in BY_NAME:
        rows.append(named(SHAREHOLDERS, enterprise, BY_NAME[enterprise]))
    return rows


@st.composite
def penalties(draw: st.DrawFn) -> list[Row]:
    """A record of somebody."""
    start, stop = draw(intervals)
    party = draw(st.sampled_from((*FIRMS, BY_NUMBER, *BY_NAME, *PEOPLE)))
    amount = draw(st.sampled_from((None, 1.5, 20_000.0)))
    row = record(party, draw(st.sampled_from("12")), valid_from=start, valid_to=stop, amount=amount)
    mention = [named(PENALTIES, party, BY_NAME[party])] if party in BY_NAME else []
    return [row, *mention]


@st.composite
def honours(draw: st.DrawFn) -> list[Row]:
    """Another source that calls a firm by a name."""
    return [named(HONOURS, draw(st.sampled_from(FIRMS)), draw(st.sampled_from(FIRM_NAMES)))]


SOURCES = {
    REGISTRATION: registrations(),
    SHAREHOLDERS: shareholdings(),
    PENALTIES: penalties(),
    HONOURS: honours(),
}


@st.composite
def loads(draw: st.DrawFn, batch: str = "b") -> Load:
    """A delivery: some rows of one source; a shareholders' list may be complete for some enterprises."""
    source = draw(st.sampled_from(list(SOURCES)))
    groups = draw(st.lists(SOURCES[source], max_size=5))
    rows = tuple(
        Row(row.fact, row.scope, n + 2) for n, row in enumerate(r for group in groups for r in group)
    )
    date = draw(days)
    if source is not SHAREHOLDERS or draw(st.booleans()):
        return Load(batch, source, rows, "delta", date)
    covered = draw(st.sets(st.sampled_from(ENTERPRISES)))
    doubts = st.sampled_from([(None, None), (FIRMS[0], None), (FIRMS[0], PEOPLE[0]), (FIRMS[1], PEOPLE[1])])
    protected = draw(st.lists(doubts, max_size=1))
    return Load(batch, source, rows, "snapshot", date, tuple(sorted(covered)), tuple(protected))


@st.composite
def decisions(draw: st.DrawFn) -> Fact:
    """An officer's word on persons or organisations, on a hub, or on a finding."""
    kind = draw(st.sampled_from((FactKind.SAME_AS, FactKind.DISTINCT, FactKind.HUB, FactKind.MARK)))
    if kind == FactKind.HUB:
        return Fact("officer", kind, FIRMS[0], role="bank", attrs='{"reason":"a bank"}')
    if kind == FactKind.MARK:
        mark = draw(st.sampled_from(("pending", "unfounded")))
        return Fact("officer", kind, FIRMS[0], FIRMS[1], "officer", "rule", attrs=f'{{"mark":"{mark}"}}')
    pairs = [(PEOPLE[0], PEOPLE[1]), (person_at(FIRMS[0], "张三"), PEOPLE[0]), (BY_NUMBER, FIRMS[1])]
    subject, object_ = draw(st.sampled_from(pairs))
    return Fact("officer", kind, subject, object_, "officer", attrs='{"by":"test"}')
