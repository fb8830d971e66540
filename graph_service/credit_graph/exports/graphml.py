"""An export as GraphML: entities are nodes, relations and associations edges; for networkx, Gephi, yEd."""

from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from graph_service.credit_graph.exports.columns import Edge, Row, Sheet

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
TYPES = {"text": "string", "day": "string", "number": "double", "whole": "long", "flag": "boolean"}
# XML 1.0 knows no control characters but these three.
FORBIDDEN = {c: None for c in range(32) if chr(c) not in "\t\n\r"}
Advance = Callable[[int], None]


def write_graphml(sheet: Sheet, path: Path, advance: Advance) -> int:
    """A directed graph; attributes are the columns. Nodes of edges follow after the edges."""
    count, ends = 0, dict[str, None]()
    with path.open("w", encoding="utf-8") as file:
        _begin(file, sheet)
        for chunk in sheet.chunks:
            for row in chunk:
                file.write(_element(sheet, row, count, ends))
                count += 1
            advance(len(chunk))
        file.writelines(f"<node id={_quoted(end)}/>\n" for end in ends)
        file.write("</graph>\n</graphml>\n")
    return count


def _begin(file: TextIOWrapper, sheet: Sheet) -> None:
    file.write(HEAD)
    scope = "edge" if sheet.edge and sheet.edge.source else "node"
    for column in sheet.columns:
        name, kind = quoteattr(column.name), TYPES[column.type]
        file.write(f'<key id={name} for="{scope}" attr.name={name} attr.type="{kind}"/>\n')
    file.write(f'<graph id={quoteattr(sheet.what)} edgedefault="directed">\n')


def _element(sheet: Sheet, row: Row, number: int, ends: dict[str, None]) -> str:
    cells = {c.name: v for c, v in zip(sheet.columns, row, strict=True)}
    edge = sheet.edge or Edge(None, "id", "kind")
    data = "".join(
        f"<data key={quoteattr(k)}>{escape(_text(v))}</data>" for k, v in cells.items() if v is not None
    )
    if edge.source is None:
        return f"<node id={_quoted(cells[edge.target])}>{data}</node>\n"
    source, target = str(cells[edge.source]), str(cells[edge.target])
    ends[source] = ends[target] = None
    return f'<edge id="e{number}" source={_quoted(source)} target={_quoted(target)}>{data}</edge>\n'


def _quoted(value: Any) -> str:
    return quoteattr(_text(value))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).translate(FORBIDDEN)
