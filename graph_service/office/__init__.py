"""People and their work: what they looked up, and why."""

from graph_service.office.audit import AuditEntry, AuditLog, LookUp, Verified

__all__ = ["AuditEntry", "AuditLog", "LookUp", "Verified"]
