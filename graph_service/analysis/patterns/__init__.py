"""Patterns of conduct that deserve a look: rings, successors, clusters, sudden changes. One kind a file, all leads."""

from graph_service.analysis.patterns.finding import KINDS, Patterns, Rules, Sought, patterns

__all__ = ["KINDS", "Patterns", "Rules", "Sought", "patterns"]
