"""Settings that hold for every test: no luck, no timing."""

from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")

SERVERS = 2  # groups of tests that share their Neo4j servers, each in a worker of its own


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on a Neo4j server go together, so that few servers are started."""
    for item in items:
        if "neo4j" in item.nodeid:
            number = crc32(item.nodeid.split("::")[0].encode()) % SERVERS
            item.add_marker(pytest.mark.xdist_group(f"neo4j-{number}"))
