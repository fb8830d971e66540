"""The export `patterns`: every finding whose list still stands."""

from collections.abc import Iterator

from graph_service.analysis.patterns import KINDS, Patterns
from graph_service.credit_graph.exports.columns import Row, Sheet, chunked, columns
from graph_service.credit_graph.in_snapshot import edge_facts
from graph_service.credit_graph.marks import Marked, marks
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.patterning import evidence_of, finding_of, stands, told_of
from graph_service.credit_graph.telling import known_day

COLUMNS = columns("kind members since:day until:day score:number evidence class finding mark")


def patterns_sheet(moment: Moment) -> Sheet:
    """All patterns but those that officers cleared; `members` are ids, `evidence` facts, joined by a semicolon."""
    return Sheet("patterns", COLUMNS, chunked(_rows(moment)), None)


def _rows(moment: Moment) -> Iterator[Row]:
    worked = moment.worked
    found, graph, marked = worked.results(Patterns), worked.graph, marks(moment)
    for row in range(len(found.kinds)):
        if stands(moment, found, row):
            finding = finding_of(moment, found, row)
            mark = marked.get(finding)
            if mark is not None and _is_cleared(moment, row, mark):
                continue
            facts = [f.id for edge in found.edges_of(row).tolist() for f in edge_facts(moment, graph, edge)]
            days = [known_day(int(a[row])) for a in (found.since, found.until)]
            members = graph.nodes.ids.many(found.members_of(row))
            yield (
                KINDS[found.kinds[row]],
                ";".join(members),
                *days,
                float(found.scores[row]),
                ";".join(facts),
                "lead",
                finding,
                mark.mark.value if mark else None,
            )


def _is_cleared(moment: Moment, row: int, mark: Marked) -> bool:
    return mark.mark.is_cleared and mark.clears(evidence_of(told_of(moment, Naming(moment.view), row)))
