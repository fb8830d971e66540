"""What officers said of findings (核查标记), as it stands: by the ids that answers use for both ends."""

from dataclasses import dataclass

from graph_service.credit_graph.moment import Moment
from graph_service.domain.errors import UnknownEntity
from graph_service.domain.facts import Fact
from graph_service.domain.findings import Mark, finding_id
from graph_service.results import LeadMark
from graph_service.store.base import GraphView


@dataclass(frozen=True, slots=True)
class Marked:
    """The mark on a finding: the last statement, and every one that stands for these two entities and this rule."""

    finding: str
    enterprise: str
    rule: str
    target: str
    mark: Mark
    facts: tuple[Fact, ...]

    @property
    def fact(self) -> Fact:
        """The last statement."""
        return self.facts[-1]

    @property
    def evidence(self) -> str:
        """What the finding rested on when it was marked."""
        return str(self.fact.attributes.get("evidence") or "")

    def clears(self, evidence: str) -> bool:
        """Whether a finding that rests on this is left out of answers."""
        return self.mark.is_cleared and self.evidence == evidence

    def said(self, evidence: str) -> LeadMark:
        """The mark as an answer shows it beside a finding that rests on this."""
        said = self.fact.attributes
        return LeadMark(
            self.mark.value, self.mark.title_zh, str(said.get("reason") or ""), str(said.get("by") or ""),
            str(said.get("date") or ""), self.evidence != evidence,
        )  # fmt: skip


def marks(moment: Moment, entity: str | None = None) -> dict[str, Marked]:
    """Marks by the id of their finding, the last marked last; `entity`: on findings about one.

    An officer's word counts at once, before a refresh; with a moment of knowing asked for, what was said by then.
    """
    view = moment.live if moment.default else moment.view
    try:
        stated = view.marks(entity)
    except UnknownEntity:
        return {}
    found: dict[str, Marked] = {}
    for fact in stated:
        one = _marked(view, fact)
        earlier = found.pop(one.finding, None)
        facts = (*(earlier.facts if earlier else ()), fact)
        found[one.finding] = Marked(one.finding, one.enterprise, one.rule, one.target, one.mark, facts)
    return found


def _marked(view: GraphView, fact: Fact) -> Marked:
    enterprise, target = view.canonical(fact.subject), view.canonical(fact.object or fact.subject)
    rule = fact.part or ""
    mark = Mark(str(fact.attributes.get("mark")))
    return Marked(finding_id(enterprise, rule, target), enterprise, rule, target, mark, (fact,))
