"""Snapshots: projection and findings of one moment under one id, and the one that default answers come from."""

from graph_service.projection import projection_rules
from graph_service.snapshots.ends import TargetState, record_lives, stale_records, target_state
from graph_service.snapshots.keeping import current, open_snapshot, prune
from graph_service.snapshots.parts import (
    PARTS,
    Worked,
    Workspace,
    association_rules,
    control_rules,
    propagation_rules,
)
from graph_service.snapshots.refreshing import project, refresh
from graph_service.snapshots.showing import show
from graph_service.snapshots.snapshot import Snapshot

__all__ = [
    "PARTS",
    "Snapshot",
    "TargetState",
    "Worked",
    "Workspace",
    "association_rules",
    "control_rules",
    "current",
    "open_snapshot",
    "project",
    "projection_rules",
    "propagation_rules",
    "prune",
    "record_lives",
    "refresh",
    "show",
    "stale_records",
    "target_state",
]
