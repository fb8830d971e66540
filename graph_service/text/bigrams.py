"""Character bigrams: how parts of Chinese names are found in a full-text index that knows no words."""

from __future__ import annotations

from itertools import pairwise

from graph_service.text.normal import normalize_name


def bigrams(text: str) -> str:
    """The overlapping pairs of a text's letters and digits, separated by spaces; a single one stands alone.

    Signs are left out, so that a query finds a name with or without its brackets.

    >>> bigrams("三门峡(集团)")
    '三门 门峡 峡集 集团'
    """
    kept = searchable(text)
    return " ".join(map("".join, pairwise(kept))) if len(kept) > 1 else kept


def bigram_phrase(text: str) -> str:
    """The phrase query of FTS5 that finds `text` inside indexed bigrams; empty below two characters.

    >>> bigram_phrase("三门峡")
    '"三门 门峡"'
    """
    kept = searchable(text)
    return f'"{bigrams(kept)}"' if len(kept) > 1 else ""


def searchable(text: str) -> str:
    """The letters and digits of a normalised name."""
    name = normalize_name(text)
    return name if name.isalnum() else "".join(filter(str.isalnum, name))


def searchable_sql(normalized: str) -> str:
    """The same as `searchable`, as an SQL expression of DuckDB over a normalised name."""
    return f"regexp_replace({normalized}, '[^\\p{{L}}\\p{{N}}]', '', 'g')"


def bigrams_sql(kept: str) -> str:
    """The same as `bigrams`, as an SQL expression of DuckDB over a searchable text."""
    pairs = f"list_transform(range(1, length({kept})), lambda i: substr({kept}, i, 2))"
    return f"CASE WHEN length({kept}) < 2 THEN {kept} ELSE array_to_string({pairs}, ' ') END"
