"""Two entities whose ids share one number are refused, never taken for one."""

import sqlite3
from pathlib import Path

import pytest

from graph_service.domain.entities import node_number
from graph_service.domain.errors import DeliveryRefused
from graph_service.domain.identifiers import name_id
from graph_service.store import content
from graph_service.store.sqlite import SqliteStore
from graph_service.text.normal import normalize_name
from loaders.pipeline import load_paths
from tests.cli.conftest import is_one_sentence
from tests.loaders.small_city import OPTIONS, after, before, code
from tests.store.deliveries import REGISTRATION, Load, named, write_all
from tests.store.shown import shown

FIRM, OTHER = f"uscc:{code(1)}", f"uscc:{code(2)}"


def rename(database: Path, entity: str, other: str) -> None:
    """As if the other id had come first and had the same number."""
    db = sqlite3.connect(database)
    db.execute("UPDATE node SET id = ? WHERE n = ?", (other, node_number(entity)))
    db.commit()
    db.close()


def test_a_file_that_names_another_entity_of_a_number_is_refused_and_the_others_stand(tmp_path: Path) -> None:
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
    store = SqliteStore(tmp_path / "store.db")
    load_paths(store, before(tmp_path / "before", 3), OPTIONS)
    rename(store.path, FIRM, name_id(normalize_name("某公司")))
    was = shown(store)
    report = load_paths(store, after(tmp_path / "after", 3), OPTIONS)
    assert [d.status for d in report.deliveries] == ["refused"] * 3
    assert all(is_one_sentence(str(d.error)) for d in report.deliveries)
    assert "registration_20260301.csv names an entity" in str(report.deliveries[0].error)
    assert shown(store) == was
    store.close()


@pytest.mark.parametrize("at_once", [True, False])
def test_two_entities_of_one_number_inside_one_delivery_are_refused(
    at_once: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "_MACROS", content._MACROS.replace(">> 1)::BIGINT", ">> 1)::BIGINT & 1"))
    store = SqliteStore(tmp_path / "store.db")
    firms = [f"uscc:{code(n)}" for n in range(3)]
    rows = tuple(named(REGISTRATION, firm, "甲") for firm in firms)
    loads = (
        [Load("b", REGISTRATION, rows)]
        if at_once
        else [Load(r.fact.subject, REGISTRATION, (r,)) for r in rows]
    )
    with pytest.raises(DeliveryRefused, match="whose number in the store is another entity's"):
        write_all(store, loads)
    store.close()
