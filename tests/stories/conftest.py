"""An office on every engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.credit_graph.test_prechecks import Counter
from tests.store.contract.engines import ENGINES


@pytest.fixture(params=list(ENGINES))
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counter]:
    """An office with an empty store."""
    store = ENGINES[request.param](tmp_path)
    yield Counter(tmp_path, store)
    store.close()
