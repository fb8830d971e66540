"""The export `associations`: every finding of the snapshot whose records still stand."""

from collections.abc import Iterator, Sequence

from graph_service.analysis.associations import Associations as Findings
from graph_service.analysis.named_rules import CODES
from graph_service.analysis.successors import REBORN
from graph_service.credit_graph.associating import (
    controlled_path,
    finding_of,
    path_edges,
    path_facts,
    require_snapshot,
    rests_on_records,
)
from graph_service.credit_graph.exports.columns import Edge, Row, Sheet, chunked, columns
from graph_service.credit_graph.marks import Marked, marks
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.recording import standing_records
from graph_service.domain.facts import FactKind, label
from graph_service.domain.findings import evidence_hash
from graph_service.projection import CsrGraph
from graph_service.snapshots import Worked

COLUMNS = columns(
    "enterprise target target_kind rule strength:number hops:whole records path class finding mark"
)
JOIN = ";"
JOINED = " ; "  # between paths


def associations_sheet(moment: Moment) -> Sheet:
    """All findings of the snapshot, without those whose records ended or were objected to since, or that officers cleared."""
    worked = require_snapshot(moment)
    return Sheet(
        "associations", COLUMNS, chunked(_rows(moment, worked)), Edge("enterprise", "target", "rule")
    )


def _rows(moment: Moment, worked: Worked) -> Iterator[Row]:
    graph, findings = worked.graph, worked.results(Findings)
    ids, cited, marked = graph.nodes.ids, dict[int, list[str] | None](), marks(moment)
    starts = findings.enterprise_of_finding()
    for at in range(len(findings.targets)):
        start, target = int(starts[at]), int(findings.targets[at])
        if target not in cited:
            standing = standing_records(moment, ids[target])
            seeds = [s.fact.id for s in standing if s.is_listed and s.seeds]
            cited[target] = seeds or (None if rests_on_records(worked, target) else [])
        records, finding = cited[target], finding_of(moment, findings, at, start)
        if records is None or _is_cleared(moment, marked.get(finding), findings, (at, start, records)):
            continue
        kind = graph.words.node_kinds[graph.nodes.kinds[target]]
        yield (
            ids[start], ids[target], kind, CODES[findings.rules[at]], round(float(findings.strengths[at]), 6),
            int(findings.hops[at]), JOIN.join(records), path_text(moment, findings, at, start), "lead", finding,
            marked[finding].mark.value if finding in marked else None,
        )  # fmt: skip


def _is_cleared(
    moment: Moment, marked: Marked | None, findings: Findings, row: tuple[int, int, list[str]]
) -> bool:
    """Whether an officer cleared the finding of a row with the evidence that it has."""
    if marked is None or not marked.mark.is_cleared:
        return False
    at, start, records = row
    facts = [fact.id for fact in path_facts(moment, findings, at, start)]
    return marked.clears(evidence_hash([*facts, *records]))


def path_text(moment: Moment, findings: Findings, at: int, start: int) -> str:
    """A finding's path on one line: `uscc:1 <-holds- person:2 -represents-> uscc:3`; chains of control from the top.

    Of a succession one path for each thing in common.
    """
    graph, edges = moment.worked.graph, path_edges(moment, findings, at, start)
    if not edges:
        chains = controlled_path(moment, findings, at, start)
        return JOINED.join(" -controls-> ".join(graph.nodes.ids.many(chain)) for chain in chains)
    if CODES[findings.rules[at]] == REBORN:
        return JOINED.join(_walked(graph, start, pair) for pair in zip(edges[::2], edges[1::2], strict=True))
    return _walked(graph, start, edges)


def _walked(graph: CsrGraph, start: int, edges: Sequence[int]) -> str:
    """The relations that one walks from an entity, whichever way they point."""
    e, words, node = graph.edges, [graph.nodes.ids[start]], start
    for edge in edges:
        kind, is_onward = label(FactKind(int(e.kinds[edge]))), int(e.subjects[edge]) == node
        node = int((e.objects if is_onward else e.subjects)[edge])
        words += [f"-{kind}->" if is_onward else f"<-{kind}-", graph.nodes.ids[node]]
    return " ".join(words)
