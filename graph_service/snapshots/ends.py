"""Ends do not wait: what of a snapshot's findings no longer stands, by the store as it is now."""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np

from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.intervals import Interval
from graph_service.domain.sanctions import Record, RecordLife, record_life
from graph_service.projection.exits import exit_from
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.base import GraphView


class TargetState(StrEnum):
    """Whether an entity that findings cite is still listed: by a record in force, only under objection, no more."""

    STANDS = "stands"
    PAUSED = "paused"
    ENDED = "ended"


def target_state(view: GraphView, entity: str, listed: frozenset[str], day: int) -> TargetState:
    """How the records of a listed kind of one entity stand on a day, by what the view knows of repairs and ends."""
    lives = [life for life in record_lives(view.records(entity), day) if life.record.kind in listed]
    if any(life.is_seed(day) for life in lives):
        return TargetState.STANDS
    objected = any(
        life.is_visible and life.is_in_force(day) and any(i.contains(day) for i in life.objected)
        for life in lives
    )
    return TargetState.PAUSED if objected else TargetState.ENDED


def record_lives(facts: Iterable[Fact], today: int) -> list[RecordLife]:
    """What became of one entity's records; `facts` are its RECORD and EXIT facts, under whichever of its ids."""
    told = list(facts)
    found = (exit_from("", f.role, f.part, f.valid_from) for f in told if f.kind is FactKind.EXIT)
    exits = [e for e in found if e is not None]
    records = (
        Record(f.id, "", f.role or "", f.part, Interval(f.valid_from, f.valid_to))
        for f in told
        if f.kind is FactKind.RECORD
    )
    return [record_life(record, exits, today) for record in records]


def stale_records(
    view: GraphView,
    snapshot: Snapshot,
    listed: frozenset[str],
    day: int,
    targets: Iterable[int] | None = None,
) -> dict[int, TargetState]:
    """Targets of the snapshot's findings that no longer stand, by place: findings that cite them leave the answers.

    `view`: the store as known now; `day`: by which records expire; `targets`: places to look at, all that findings
    cite when not given. Cost: one reading of records for each target.
    """
    places = np.unique(snapshot.associations.targets) if targets is None else sorted(set(targets))
    ids = snapshot.graph.nodes.ids
    states = ((int(place), target_state(view, ids[int(place)], listed, day)) for place in places)
    return {place: state for place, state in states if state is not TargetState.STANDS}
