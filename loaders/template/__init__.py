"""Templates: what a feed is, which columns it has, and which entities, relations and records a row yields."""

from loaders.template.fit import Fit, fit, fitting, match_headers, normal_header
from loaders.template.library import builtin_names, load_templates, read_template
from loaders.template.model import Bilingual, Column, Condition, FactRule, Party, Template
from loaders.template.ruled import ruled

__all__ = [
    "Bilingual",
    "Column",
    "Condition",
    "FactRule",
    "Fit",
    "Party",
    "Template",
    "builtin_names",
    "fit",
    "fitting",
    "load_templates",
    "match_headers",
    "normal_header",
    "read_template",
    "ruled",
]
