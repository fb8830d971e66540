"""A graph on disk: a folder of .npy files with a manifest; whole or not there, memory-mapped when opened, packed when old."""

import dataclasses
import json
import os
import shutil
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from graph_service.domain.errors import StoreError
from graph_service.projection import packing
from graph_service.projection.arrays import AnyArray, freeze, named_arrays
from graph_service.projection.graph import Changes, CsrGraph, Edges, Hubs, Moment, Nodes, Records, Vocabulary
from graph_service.projection.packing import checksum
from graph_service.projection.texts import Texts

FORMAT = 2
T = TypeVar("T")
MANIFEST = "manifest.json"
PARTS = (
    "nodes.",
    "edges.",
    "records.",
    "hubs.",
    "changes.",
)  # of a graph; what else is kept stands beside it


def write_arrays(folder: Path, arrays: dict[str, AnyArray], about: dict[str, Any]) -> None:
    """Write arrays and manifest into a new folder, so that it stands whole or not at all.

    Everything is written beside it under a temporary name, forced to disk, then renamed.
    """
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _write_all(draft, folder, arrays, about)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise StoreError(
            f"'{folder}' cannot be written ({error.strerror}); make room or choose another home."
        ) from error


def _write_all(draft: Path, folder: Path, arrays: dict[str, AnyArray], about: dict[str, Any]) -> None:
    draft.mkdir(parents=True)
    files = {name: _write_array(draft / f"{name}.npy", array) for name, array in arrays.items()}
    text = json.dumps({"format": FORMAT, **about, "files": files}, ensure_ascii=False, indent=1)
    _write_synced(draft / MANIFEST, text.encode())
    sync_folder(draft)
    draft.rename(folder)
    sync_folder(folder.parent)


def _write_array(path: Path, array: AnyArray) -> dict[str, Any]:
    with path.open("wb") as file:
        np.save(file, array)
        file.flush()
        os.fsync(file.fileno())
    return {
        "bytes": path.stat().st_size,
        "dtype": array.dtype.str,
        "shape": array.shape,
        "sha256": checksum(path),
    }


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, content: bytes) -> None:
    """Put content in a small file at one stroke."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    _write_synced(draft, content)
    draft.replace(path)
    sync_folder(path.parent)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder. Raises StoreError when there is none that this program wrote."""
    try:
        about = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(f"'{folder}' holds no readable manifest; remove it and refresh.") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise StoreError(f"'{folder}' was written by another version of the program; remove it and refresh.")
    return about


def open_arrays(folder: Path, about: dict[str, Any], *prefixes: str) -> dict[str, AnyArray]:
    """The arrays of a folder whose names begin so, memory-mapped; packed ones are unpacked first.

    Sizes and types are checked; `verify` reads the contents too. Raises StoreError.
    """
    chosen = {n: facts for n, facts in about["files"].items() if n.startswith(prefixes)}
    return {name: _open_array(folder / f"{name}.npy", facts) for name, facts in chosen.items()}


def pack(folder: Path) -> None:
    """Compress the arrays of a folder that is asked seldom. Raises StoreError; then some are packed and all are there."""
    for name in read_manifest(folder)["files"]:
        packing.pack(folder / f"{name}.npy")


def _open_array(path: Path, facts: dict[str, Any]) -> AnyArray:
    try:
        array = _mapped(path, facts)
    except (OSError, ValueError) as error:
        raise StoreError(f"'{path}' cannot be read; remove its folder and refresh.") from error
    if array is None or array.dtype.str != facts["dtype"] or list(array.shape) != list(facts["shape"]):
        raise StoreError(f"'{path}' is damaged; remove its folder and refresh.")
    return np.asarray(array)


def _mapped(path: Path, facts: dict[str, Any]) -> AnyArray | None:
    """The array of a file, unpacked before; None where it is too short or too long. Raises OSError, ValueError."""
    for _ in range(3):  # a refresh may pack it between the two
        packing.unpack(path)
        try:
            whole = path.stat().st_size == facts["bytes"]
            empty = 0 in facts["shape"]
            return np.load(path, mmap_mode=None if empty else "r") if whole else None
        except FileNotFoundError:
            if not packing.packed(path).exists():
                raise
    raise FileNotFoundError(path)


def verify(folder: Path) -> None:
    """Compare every file with its checksum. Raises StoreError at the first that differs."""
    for name, facts in read_manifest(folder)["files"].items():
        path = folder / f"{name}.npy"
        try:
            whole = checksum(path) == facts["sha256"]
        except OSError:
            whole = False
        if not whole:
            raise StoreError(f"'{path}' is damaged; remove its folder and refresh.")


def save(
    graph: CsrGraph,
    folder: Path,
    about: dict[str, Any] | None = None,
    beside: dict[str, AnyArray] | None = None,
) -> None:
    """Keep a graph in a new folder; `about` is kept in its manifest, `beside` are further arrays."""
    facts = {
        "kind": "projection",
        "moment": dataclasses.asdict(graph.moment),
        "words": dataclasses.asdict(graph.words),
        "counts": {"nodes": graph.node_count, "edges": graph.edge_count, "records": len(graph.records.kinds)},
    }
    write_arrays(folder, dict(named_arrays(graph)) | (beside or {}), facts | (about or {}))


def load(folder: Path) -> CsrGraph:
    """A kept graph, memory-mapped. Raises StoreError for a damaged or foreign folder."""
    about = read_manifest(folder)
    if about.get("kind") != "projection":
        raise StoreError(f"'{folder}' holds no projection; remove it and refresh.")
    arrays = open_arrays(folder, about, *PARTS)
    try:
        graph = CsrGraph(
            Moment(**about["moment"]),
            Vocabulary(**{k: tuple(v) for k, v in about["words"].items()}),
            from_arrays(Nodes, arrays, "nodes."),
            from_arrays(Edges, arrays, "edges."),
            from_arrays(Records, arrays, "records."),
            from_arrays(Hubs, arrays, "hubs."),
            from_arrays(Changes, arrays, "changes."),
        )
    except (KeyError, TypeError) as error:
        raise StoreError(f"'{folder}' lacks a part of the graph; remove it and refresh.") from error
    freeze(graph)
    return graph


def from_arrays(kind: type[T], arrays: dict[str, AnyArray], prefix: str) -> T:
    """A dataclass of arrays and texts from arrays by dotted name."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        name = prefix + field.name
        is_text = name + ".offsets" in arrays
        values[field.name] = (
            Texts(arrays[name + ".offsets"], arrays[name + ".data"]) if is_text else arrays[name]
        )
    return kind(**values)
