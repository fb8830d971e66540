"""The graph at one moment as flat arrays: built from a store's tables, kept on disk, walked by compiled kernels."""

from graph_service.projection.arrays import EVER, MISSING, OPEN
from graph_service.projection.graph import CsrGraph, Moment
from graph_service.projection.ruling import ProjectionRules, projection_rules
from graph_service.projection.tables import sources_from

__all__ = [
    "EVER",
    "MISSING",
    "OPEN",
    "CsrGraph",
    "Moment",
    "ProjectionRules",
    "projection_rules",
    "sources_from",
]
