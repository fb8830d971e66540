"""`refresh`: from the store as it is to a current snapshot, all or nothing."""

import shutil
from pathlib import Path
from typing import Any

from graph_service.analysis.associations import Associations
from graph_service.domain.errors import StoreError
from graph_service.projection import CsrGraph, Moment, ProjectionRules, disk, projection_rules, sources_from
from graph_service.projection.arrays import named_arrays
from graph_service.rules import Rules, load_rules
from graph_service.snapshots import keeping
from graph_service.snapshots.parts import PARTS, Workspace
from graph_service.snapshots.snapshot import Snapshot, configuration, snapshot_id
from graph_service.store.base import GraphStore, GraphView

DAY_OF_MICROSECONDS = 86_400_000_000
SHANGHAI_AHEAD = 8 * 3_600_000_000


def refresh(store: GraphStore, home: Path, rules: Rules | None = None, as_of: int | None = None) -> Snapshot:
    """Make a snapshot of what the store holds now, on a day (default today), and let answers come from it.

    The same content, day and configuration give the same id: then nothing is built, and `current` turns to the kept
    one. Other refreshes of the same home wait. Raises StoreError, RulesError; then `current` stays as it was.
    """
    held = load_rules(home / "rules") if rules is None else rules
    with keeping.only_refresh(home):
        view = store.view(as_of)
        day = view.as_of
        content = store.content(view.known_at)
        name = snapshot_id(content, day, configuration(held))
        folder = keeping.folder_of(home) / name
        if not _is_whole(folder):
            moment = Moment(content, day, view.known_at, max(day, day_of(view.known_at)))
            graph = project(store, view, projection_rules(held, day), moment)
            _write(folder, Workspace(graph, day, held))
        about = disk.read_manifest(folder)
        made = Snapshot(name, day, view.known_at, as_of is not None, folder, about)
        keeping.make_current(home, made)
        keeping.prune(home, name)
        _pack_others(home, name)
    return made


def _pack_others(home: Path, name: str) -> None:
    try:
        keeping.pack_others(home, name)
    except StoreError as error:
        message = f"The snapshot {name} is made and current, but older ones could not be compressed. {error}"
        raise StoreError(message) from error


def project(store: GraphStore, view: GraphView, rules: ProjectionRules, moment: Moment) -> CsrGraph:
    """The projection of a view of a store."""
    from graph_service.projection.build import build  # noqa: PLC0415  (reads with Arrow's compute, which loads slowly)

    return build(view, sources_from(store.source_ranks()), rules, moment)


def day_of(moment: int) -> int:
    """The day in Asia/Shanghai of a recorded moment."""
    return (moment + SHANGHAI_AHEAD) // DAY_OF_MICROSECONDS


def _is_whole(folder: Path) -> bool:
    """Whether the snapshot is kept and undamaged; a damaged one is removed."""
    if not folder.exists():
        return False
    try:
        disk.verify(folder)
    except StoreError:
        shutil.rmtree(folder)
        return False
    return True


def _write(folder: Path, work: Workspace) -> None:
    """Work out every part and keep it beside the graph."""
    results: dict[str, Any] = {part.name: work.results(part.kind) for part in PARTS}
    found = work.results(Associations)
    counts = {
        "enterprises": len(found.enterprises),
        "associated": int((found.found > 0).sum()),
        "associations": len(found.targets),
    }
    beside = {
        f"{name}.{array}": values
        for name, result in results.items()
        for array, values in named_arrays(result)
    }
    disk.save(work.graph, folder, {"snapshot": folder.name, "findings": counts}, beside)
