"""A fresh store of every engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.store.base import GraphStore
from tests.store.contract.engines import ENGINES


@pytest.fixture(params=list(ENGINES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    """An empty store."""
    opened = ENGINES[request.param](tmp_path)
    yield opened
    opened.close()
