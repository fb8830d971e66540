"""`changes`: what differs for one entity between two moments of the same store."""

from graph_service.credit_graph.changes.comparing import changes

__all__ = ["changes"]
