"""Graphs for analysts: networkx is an extra, and its absence is said in one sentence."""

import sys

import pytest

from graph_service.domain.errors import NotAvailable
from graph_service.results import EntityRef, Neighbours
from tests.results.headings import HEADING


def test_without_networkx_the_extra_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "networkx", None)
    answer = Neighbours(
        entity=EntityRef("e:1", "enterprise", "甲"), depth=1, entities=(), relations=(), **HEADING
    )
    with pytest.raises(NotAvailable, match=r"credit-graph\[analysis\]"):
        answer.to_networkx()
