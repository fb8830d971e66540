"""The guide's example loads, with no code, as the guide says."""

import re
from pathlib import Path

import pytest

from graph_service.domain.facts import FactKind
from graph_service.domain.identifiers import RESIDENT_ID, person_id
from loaders.template import read_template
from tests.loaders.recording import record
from tests.loaders.typed import KEY

GUIDE = Path(__file__).parents[2] / "docs" / "templates.md"
_EXAMPLE = re.compile(r"<!-- example \w+: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)


@pytest.fixture
def example(tmp_path: Path) -> dict[str, Path]:
    found = dict(_EXAMPLE.findall(GUIDE.read_text(encoding="utf-8")))
    for name, text in found.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {Path(name).suffix: tmp_path / name for name in found}


def test_the_guide_s_template_loads_the_guide_s_file(example: dict[str, Path]) -> None:
    report, (written,) = record([example[".csv"]], template=read_template(example[".toml"]), max_rejects=0.5)
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (3, 2, 1)
    assert [(r["line"], r["code"], r["column"]) for r in written.rejects] == [(4, "bad_date", "开始日期")]
    assert [(f["part"], f["amount"]) for f in written.of(FactKind.RECORD)] == [
        ("环监〔2026〕1号", 50_000.0),
        ("环监〔2026〕2号", 15_000.0),
    ]
    assert {f["subject"] for f in written.of(FactKind.REPRESENTS)} == {
        person_id(KEY, RESIDENT_ID, "CN", "11010519491231002X")
    }
    assert len(written.of(FactKind.RECORD)) + len(written.of(FactKind.REPRESENTS)) == 4


def test_every_field_of_the_language_is_in_the_guide() -> None:
    from loaders.template import parse

    guide = GUIDE.read_text(encoding="utf-8")
    fields = {*parse.TOP, *parse.COLUMN, *parse.PARTY, *parse.FACT} - {
        "columns",
        "parties",
        "facts",
        "separator",
        "whole",
    }
    assert [f for f in sorted(fields) if f"`{f}`" not in guide] == []
