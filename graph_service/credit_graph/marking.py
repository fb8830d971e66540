"""`leads`: an officer marks a finding, takes that back, lists what was marked."""

from dataclasses import dataclass

import numpy as np

from graph_service.analysis.associations import Associations as Findings
from graph_service.analysis.named_rules import CODES
from graph_service.analysis.patterns import Patterns
from graph_service.credit_graph import associating, patterning
from graph_service.credit_graph.associating import finding_of, rule_of
from graph_service.credit_graph.deciding import OFFICER, Grounds, state_anew, take_back
from graph_service.credit_graph.in_snapshot import place_of
from graph_service.credit_graph.marks import Marked, marks
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.domain.errors import UnknownFinding, WrongCall
from graph_service.domain.facts import Fact, FactKind, canonical_json
from graph_service.domain.findings import FINDING_DIGITS, Mark, kind_of_pattern
from graph_service.domain.intervals import from_day
from graph_service.results import Cut, Lead, LeadDecision, Leads, Sentence


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which marks are listed: with this word, on findings about this entity, at most so many."""

    mark: str | None = None
    of: str | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as it is now: its id, its ends, and what it rests on as one hash."""

    finding: str
    ends: tuple[str, str, str]
    evidence: str


def leads(moment: Moment, chosen: Chosen) -> Leads:
    """The findings that officers marked, the last marked first. Raises WrongCall for an unknown mark."""
    mark = None if chosen.mark is None else _mark(chosen.mark)
    of = None if chosen.of is None else moment.view.find(chosen.of)
    found = [m for m in reversed(marks(moment, of).values()) if mark in {None, m.mark}]
    naming = Naming(moment.view)
    told = tuple(_lead(moment, naming, one) for one in found[: chosen.limit])
    cut = Cut("leads", chosen.limit, len(found)) if len(found) > chosen.limit else None
    return Leads(leads=told, truncated=cut, **moment.heading())


def mark_lead(moment: Moment, finding: str, mark: str, grounds: Grounds) -> LeadDecision:
    """State what an officer says of a finding, instead of what was said before. Raises WrongCall, UnknownFinding."""
    word, standing = _mark(mark), marks(moment).get(finding)
    found = _look_up(moment, finding) if standing is None else _now(moment, standing)
    if found is None:
        found = _as_it_was(finding, standing)
    pair, evidence = found.ends, found.evidence
    if standing and (standing.mark, standing.evidence) == (word, evidence):
        return _decision(standing, "unchanged", grounds)
    attributes = {
        "mark": word.value, "evidence": evidence, "reason": grounds.reason, "by": grounds.by,
        "date": from_day(moment.today).isoformat(),
    }  # fmt: skip
    fact = Fact(OFFICER, FactKind.MARK, pair[0], pair[2], OFFICER, pair[1], attrs=canonical_json(attributes))
    state_anew(moment, fact, grounds, standing.facts if standing else ())
    return _decision(Marked(finding, *pair, word, (fact,)), "stated", grounds)


def _as_it_was(finding: str, standing: Marked | None) -> Found:
    """A finding that is no more, as it was marked. Raises UnknownFinding for one that nobody marked."""
    if standing is None:
        message = f"there is no finding '{finding}' now; `credit-graph associations ID` and `credit-graph patterns` show them."
        raise UnknownFinding(message)
    return Found(finding, (standing.enterprise, standing.rule, standing.target), standing.evidence)


def undo_lead(moment: Moment, finding: str, grounds: Grounds) -> LeadDecision:
    """Take back what was said of a finding: it is shown again as unmarked. Raises UnknownFinding."""
    standing = marks(moment).get(finding)
    if standing is None:
        message = f"nobody marked a finding '{finding}'; `credit-graph leads` lists the marked ones."
        raise UnknownFinding(message)
    take_back(moment, standing.facts, grounds)
    return _decision(standing, "ended", grounds)


def cleared(moment: Moment) -> frozenset[tuple[str, str, str]]:
    """Enterprise, rule and target of the findings that officers cleared and that still rest on the same evidence."""
    told = ((m, _now(moment, m)) for m in marks(moment).values() if m.mark.is_cleared)
    return frozenset(
        (m.enterprise, m.rule, m.target)
        for m, found in told
        if found is not None and m.clears(found.evidence)
    )


def _mark(word: str) -> Mark:
    try:
        return Mark(word)
    except ValueError as error:
        raise WrongCall(f"'{word}' is no mark; choose from {', '.join(Mark)}.") from error


def _look_up(moment: Moment, finding: str) -> Found | None:
    """The finding with this id: its first digits tell the enterprise, the rules and targets there are few."""
    graph, digits = moment.worked.graph, finding[: FINDING_DIGITS[0]]
    if len(finding) != FINDING_DIGITS[1] or not set(finding) <= set("0123456789abcdef"):
        return None
    place = int(graph.places(np.array([int(digits, 16) & (2**63 - 1)], np.int64))[0])
    return None if place < 0 else _at(moment, place, finding)


def _now(moment: Moment, standing: Marked) -> Found | None:
    place = place_of(moment.worked.graph, standing.enterprise)
    return None if place is None else _at(moment, place, standing.finding)


def _at(moment: Moment, place: int, finding: str) -> Found | None:
    """The association or the pattern with this id about the enterprise at a place, as far as it still stands."""
    graph, found = moment.worked.graph, moment.worked.results(Findings)
    place = int(graph.nodes.canonical[place])
    for at in found.findings_of(place):
        if finding_of(moment, found, at, place) == finding:
            one = associating.one(moment, at, place)
            if one is None:
                return None
            ends = one.enterprise.id, one.rule, one.target.id
            return Found(finding, ends, associating.evidence_of(one))
    kept = moment.worked.results(Patterns)
    for row in np.flatnonzero(kept.members[kept.firsts[:-1]] == place).tolist():
        if patterning.finding_of(moment, kept, row) == finding and patterning.stands(moment, kept, row):
            told = patterning.told_of(moment, Naming(moment.view), row)
            return Found(finding, patterning.ends_of(moment, kept, row), patterning.evidence_of(told))
    return None


def _lead(moment: Moment, naming: Naming, marked: Marked) -> Lead:
    found = _now(moment, marked)
    changed = found is not None and found.evidence != marked.evidence
    said, kind = marked.said(""), kind_of_pattern(marked.rule)
    rule = rule_of(moment, marked.rule) if marked.rule in CODES else None
    title = Sentence(rule.title_zh, rule.title_en) if rule else Sentence(marked.rule, marked.rule)
    title = title if kind is None else patterning.TITLES[kind]
    return Lead(
        finding=marked.finding, mark=said.mark, title=said.title, enterprise=naming.ref(marked.enterprise),
        rule=kind or marked.rule, rule_title=title, target=naming.ref(marked.target),
        evidence="gone" if found is None else "changed" if changed else "same", why=said.why, by=said.by, date=said.date,
    )  # fmt: skip


def _decision(marked: Marked, action: str, grounds: Grounds) -> LeadDecision:
    return LeadDecision(
        marked.finding, action, marked.mark.value, marked.enterprise, marked.rule, marked.target, grounds.reason,
        grounds.by,
    )  # fmt: skip
