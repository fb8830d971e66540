"""Two processes that load at the same time."""

from pathlib import Path

from graph_service.store.base import Delivery
from graph_service.store.sqlite import SqliteStore
from loaders.pipeline import load_paths
from tests.loaders.small_city import OPTIONS, before


class Overtaken(SqliteStore):
    """Right after this process looked for a delivery for the first time, another one loads the files."""

    files: list[Path]
    is_overtaken = False

    def standing(self, batch: str) -> Delivery | None:
        found = super().standing(batch)
        if not self.is_overtaken:
            self.is_overtaken = True
            other = SqliteStore(self.path)
            load_paths(other, self.files, OPTIONS)
            other.close()
        return found


def test_files_that_another_process_has_just_loaded_are_already_loaded(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    store = Overtaken(tmp_path / "store.db")
    store.files = before(tmp_path / "feeds", 3)
    report = load_paths(store, store.files, OPTIONS)
    assert [d.status for d in report.deliveries] == ["already_loaded", "already_loaded"]
    assert report.refused == ()
    store.close()
