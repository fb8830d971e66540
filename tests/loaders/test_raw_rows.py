"""Rejected rows show nobody: whatever the template, whatever the file adds to it."""

from pathlib import Path

import pytest

from graph_service.store.sqlite import SqliteStore
from loaders.options import LoadOptions
from loaders.pipeline import load_paths
from loaders.template import load_templates
from loaders.template.model import Template
from tests.loaders.typed import TODAY

NAME, MOBILE, IDENTITY = "周建国", "13900000000", "411202198001011236"
TEMPLATES = sorted(n for n, t in load_templates().items() if not t.whole)


def row_of(template: Template) -> dict[str, str]:
    """A row that names the same natural person in every column that may, and is rejected for its days and codes."""
    cells: dict[str, str] = {}
    firms = {c for p in template.parties if p.kind == "organisation" for c in p.names}
    people = {"name": NAME, "telephone": MOBILE, "number": IDENTITY, "date": "2026-02-30", "code": "X"}
    for column in template.columns:
        if column.headers:
            shown = f"{NAME}、{NAME}" if column.type == "text" else people.get(column.type, "1")
            cells[column.headers[0]] = "三门峡甲建材有限公司" if column.name in firms else shown
    return cells | {"联系人": NAME, "备注二": f"经办人{NAME}{MOBILE}"}


def kept(folder: Path, template: str, lines: list[str]) -> list[str]:
    path = folder / f"{template}_20260901.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    store = SqliteStore(folder / "s.db")
    options = LoadOptions(
        person_key=b"key of the tests", today=TODAY, template=load_templates()[template], max_rejects=1.0
    )
    load_paths(store, [path], options)
    raws = [r.raw for r in store.rejected()]
    store.close()
    return raws


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_rejected_row_shows_no_name_number_or_telephone(tmp_path: Path, template: str) -> None:
    row = row_of(load_templates()[template])
    whole, cut = ",".join(row.values()), ",".join([*row.values(), NAME])
    for raw in kept(tmp_path, template, [",".join(row), whole, cut]):
        assert not [secret for secret in (NAME, NAME[1:], MOBILE, IDENTITY) if secret in raw]


def test_an_unknown_column_keeps_the_length_of_its_text_alone(tmp_path: Path) -> None:
    row = row_of(load_templates()["wage_arrears"])
    (raw,) = kept(tmp_path, "wage_arrears", [",".join(row), ",".join(row.values())])
    assert raw.startswith("三门峡甲建材有限公司,")
    assert raw.endswith(f",…(3),…({len(row['备注二'])})")
