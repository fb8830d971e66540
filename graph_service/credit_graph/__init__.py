"""CreditGraph: a method for each question, the same answers for page, program and command line."""

from graph_service.credit_graph.graph import CreditGraph

__all__ = ["CreditGraph"]
