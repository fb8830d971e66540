"""The export `associations`: every finding of the snapshot whose records still stand."""

from collections.abc import Iterator

from graph_service.analysis.associations import RULE
from graph_service.credit_graph.associating import Computed, snapshot_findings
from graph_service.credit_graph.exports.columns import Edge, Row, Sheet, chunked, columns
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.recording import standing_records
from graph_service.domain.facts import FactKind, label

COLUMNS = columns("enterprise target target_kind rule strength:number hops:whole records path class")
JOIN = ";"


def associations_sheet(moment: Moment) -> Sheet:
    """All findings of the snapshot, without those whose records ended or were objected to since."""
    computed = snapshot_findings(moment)
    return Sheet(
        "associations", COLUMNS, chunked(_rows(moment, computed)), Edge("enterprise", "target", "rule")
    )


def _rows(moment: Moment, computed: Computed) -> Iterator[Row]:
    graph, findings = computed.graph, computed.findings
    ids, cited = graph.nodes.ids, dict[int, str]()
    starts = findings.enterprise_of_finding()
    for at in range(len(findings.targets)):
        target = int(findings.targets[at])
        if target not in cited:
            standing = standing_records(moment, ids[target])
            cited[target] = JOIN.join(s.fact.id for s in standing if s.is_listed and s.seeds)
        if cited[target]:
            start = int(starts[at])
            kind = graph.words.node_kinds[graph.nodes.kinds[target]]
            yield (
                ids[start], ids[target], kind, RULE, round(float(findings.strengths[at]), 6),
                int(findings.hops[at]), cited[target], path_text(computed, at, start), "lead",
            )  # fmt: skip


def path_text(computed: Computed, at: int, start: int) -> str:
    """A finding's path on one line: `uscc:1 <-holds- person:2 -represents-> uscc:3`."""
    graph, findings = computed.graph, computed.findings
    words, node = [graph.nodes.ids[start]], start
    for step in range(int(findings.hops[at])):
        edge = int(findings.path_edges[at, step])
        kind = label(FactKind(int(graph.edges.kinds[edge])))
        words.append(f"-{kind}->" if int(graph.edges.subjects[edge]) == node else f"<-{kind}-")
        node = int(findings.path_nodes[at, step])
        words.append(graph.nodes.ids[node])
    return " ".join(words)
