"""The export `patterns`: every finding whose list still stands."""

from collections.abc import Iterator

from graph_service.analysis.patterns import KINDS, Patterns
from graph_service.credit_graph.exports.columns import Row, Sheet, chunked, columns
from graph_service.credit_graph.in_snapshot import edge_facts
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.patterning import stands
from graph_service.domain.intervals import from_day
from graph_service.projection import EVER, OPEN

COLUMNS = columns("kind members since:day until:day score:number evidence class")


def patterns_sheet(moment: Moment) -> Sheet:
    """All patterns; `members` are ids, `evidence` facts, joined by a semicolon."""
    return Sheet("patterns", COLUMNS, chunked(_rows(moment)), None)


def _rows(moment: Moment) -> Iterator[Row]:
    worked = moment.worked
    found, graph = worked.results(Patterns), worked.graph
    for row in range(len(found.kinds)):
        if stands(moment, found, row):
            facts = [f.id for edge in found.edges_of(row).tolist() for f in edge_facts(moment, graph, edge)]
            days = [
                None if d in {EVER, OPEN} else from_day(d)
                for d in (int(found.since[row]), int(found.until[row]))
            ]
            members = graph.nodes.ids.many(found.members_of(row))
            yield (
                KINDS[found.kinds[row]],
                ";".join(members),
                *days,
                float(found.scores[row]),
                ";".join(facts),
                "lead",
            )
