"""What the rules say of kinds of record, as answers need it."""

from graph_service.results import Sentence

LISTED = frozenset(
    ["dishonest_judgment_debtor", "serious_violation", "tax_violation", "wage_arrears", "work_safety", "government_procurement", "blocked"]
)


def is_listed(kind: str) -> bool:
    """Whether a record of this kind in force makes its entity listed."""
    return kind in LISTED


def title(kind: str) -> Sentence:
    """The kind in words."""
    return Sentence(kind, kind)


def grade(kind: str) -> str | None:
    """The grade that the rules give records of this kind."""
    return None
