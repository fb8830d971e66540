"""`precheck` (准入核验): what the data say about a firm to be founded, or a person to take office."""

from graph_service.credit_graph.prechecks.applicants import Applicant, Application
from graph_service.credit_graph.prechecks.checking import precheck

__all__ = ["Applicant", "Application", "precheck"]
