import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from graph_service.domain.errors import StoreError
from graph_service.projection import CsrGraph, disk
from graph_service.projection.arrays import named_arrays
from graph_service.projection.walking import Walk, neighbourhood
from tests.graphs import DAY, listed, project, pyramid


@pytest.fixture
def graph() -> CsrGraph:
    return project([*pyramid(), listed("e:d")])


@pytest.fixture
def folder(graph: CsrGraph, tmp_path: Path) -> Path:
    disk.save(graph, tmp_path / "graph")
    return tmp_path / "graph"


def test_a_kept_graph_is_the_same_and_read_only(graph: CsrGraph, folder: Path) -> None:
    opened = disk.load(folder)
    assert (opened.moment, opened.words) == (graph.moment, graph.words)
    for (name, one), (_, other) in zip(named_arrays(graph), named_arrays(opened), strict=True):
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), name
        assert not other.flags.writeable
    assert (
        neighbourhood(opened, 0, Walk(2, DAY)).nodes.tolist()
        == neighbourhood(graph, 0, Walk(2, DAY)).nodes.tolist()
    )


def test_an_empty_graph_is_kept_too(tmp_path: Path) -> None:
    disk.save(project([]), tmp_path / "graph")
    assert disk.load(tmp_path / "graph").node_count == 0


def test_nothing_but_the_folder_is_left(folder: Path) -> None:
    assert [p.name for p in folder.parent.iterdir()] == ["graph"]


def test_a_file_cut_short_is_found_when_opened(folder: Path) -> None:
    path = folder / "edges.subjects.npy"
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(StoreError, match=r"edges\.subjects\.npy' is damaged; remove its folder and refresh"):
        disk.load(folder)


def test_a_missing_file_is_found_when_opened(folder: Path) -> None:
    (folder / "nodes.kinds.npy").unlink()
    with pytest.raises(StoreError, match=r"nodes\.kinds\.npy' cannot be read"):
        disk.load(folder)


def test_a_changed_byte_is_found_by_the_checksum(folder: Path) -> None:
    disk.verify(folder)
    path = folder / "edges.subjects.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        disk.verify(folder)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 99}', '{"format": 1, "kind": "model", "files": {}}']
)
def test_a_foreign_folder_is_refused(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(StoreError, match="remove it and refresh"):
        disk.load(folder)


def test_a_graph_that_lacks_a_part_is_refused(folder: Path) -> None:
    about = json.loads((folder / "manifest.json").read_text())
    del about["files"]["hubs.nodes"]
    (folder / "manifest.json").write_text(json.dumps(about))
    with pytest.raises(StoreError, match="lacks a part"):
        disk.load(folder)


def test_a_draft_that_a_killed_process_left_is_no_hindrance(graph: CsrGraph, folder: Path) -> None:
    shutil.rmtree(folder)
    (folder.parent / ".graph.1.tmp").mkdir()
    disk.save(graph, folder)
    assert disk.load(folder).edge_count == 5


def packed_files(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir() if p.name.endswith(".zst")}


def test_a_packed_graph_is_smaller_whole_and_the_same_when_it_is_opened(
    graph: CsrGraph, folder: Path
) -> None:
    mapped = disk.load(folder)
    names = {p.name for p in folder.glob("*.npy")}
    disk.pack(folder)
    assert packed_files(folder) == {f"{name}.zst" for name in names}
    assert not list(folder.glob("*.npy"))
    assert mapped.node_count == graph.node_count
    assert mapped.nodes.labels[0] == graph.nodes.labels[0]
    disk.verify(folder)
    opened = disk.load(folder)
    for (name, one), (_, other) in zip(named_arrays(graph), named_arrays(opened), strict=True):
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), name
    assert packed_files(folder) == set()
    disk.verify(folder)


def test_packing_twice_or_cut_off_in_the_middle_loses_nothing(graph: CsrGraph, folder: Path) -> None:
    path = folder / "edges.subjects.npy"
    shutil.copy(path, folder / "keep")
    disk.pack(folder)
    disk.pack(folder)
    shutil.copy(folder / "keep", path)
    assert disk.load(folder).edge_count == graph.edge_count
    (folder / ".edges.kinds.npy.zst.1.tmp").write_bytes(b"half")
    disk.pack(folder)
    assert disk.load(folder).edge_count == graph.edge_count


def test_a_damaged_packed_file_is_said_in_one_sentence(folder: Path) -> None:
    disk.pack(folder)
    path = folder / "edges.subjects.npy.zst"
    path.write_bytes(path.read_bytes()[:-6])
    with pytest.raises(StoreError, match=r"edges\.subjects\.npy' is damaged"):
        disk.verify(folder)
    with pytest.raises(StoreError, match=r"edges\.subjects\.npy' (cannot be|is damaged)"):
        disk.load(folder)
