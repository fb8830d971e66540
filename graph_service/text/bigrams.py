"""Character bigrams: how parts of Chinese names are found in a full-text index that knows no words."""

from __future__ import annotations

import re
from itertools import pairwise

from graph_service.text.normal import normalize_name

# Blocks of signs, fixed here: what counts as a letter differs between versions of Unicode, and so between Python and
# DuckDB. Roman numerals and circled digits inside them stay.
_SIGNS = (
    (0x00, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0xA9), (0xAB, 0xB1), (0xB4, 0xB4), (0xB6, 0xB8), (0xBB, 0xBB),
    (0xBF, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7), (0x2000, 0x206F), (0x20A0, 0x20CF), (0x2190, 0x245F), (0x2500, 0x2BFF),
    (0x3001, 0x3004), (0x3008, 0x3020), (0x3030, 0x3030), (0x303D, 0x303F), (0xFE10, 0xFE6F), (0xFFE0, 0xFFFF),
)  # fmt: skip
_SIGN = re.compile("[" + "".join(f"\\U{low:08X}-\\U{high:08X}" for low, high in _SIGNS) + "]")


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
    """A normalised name without signs: punctuation, symbols and spaces of the common blocks are left out."""
    name = normalize_name(text)
    return _SIGN.sub("", name)


def searchable_sql(normalized: str) -> str:
    """The same as `searchable`, as an SQL expression of DuckDB over a normalised name."""
    ranges = "".join(f"\\x{{{low:X}}}-\\x{{{high:X}}}" for low, high in _SIGNS)
    return f"regexp_replace({normalized}, '[{ranges}]', '', 'g')"


def bigrams_sql(kept: str) -> str:
    """The same as `bigrams`, as an SQL expression of DuckDB over a searchable text."""
    pairs = f"list_transform(range(1, length({kept})), lambda i: substr({kept}, i, 2))"
    return f"CASE WHEN length({kept}) < 2 THEN {kept} ELSE array_to_string({pairs}, ' ') END"
