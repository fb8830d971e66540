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
