"""Dated configuration with citations: record kinds, code tables, thresholds, hubs. Data files, checked when read."""

from graph_service.rules.book import Rules
from graph_service.rules.loading import load_rules
from graph_service.rules.model import (
    CodeEntry,
    CodeTable,
    HubRule,
    NamedHub,
    RecordKind,
    Source,
    Threshold,
)

__all__ = [
    "CodeEntry",
    "CodeTable",
    "HubRule",
    "NamedHub",
    "RecordKind",
    "Rules",
    "Source",
    "Threshold",
    "load_rules",
]
