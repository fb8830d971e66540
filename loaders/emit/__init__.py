"""From typed columns to parties, facts and findings: the SQL that a template means."""

from loaders.emit.stage import FileContext, Finding, Stage, compile_stage

__all__ = ["FileContext", "Finding", "Stage", "compile_stage"]
