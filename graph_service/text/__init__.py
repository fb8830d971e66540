"""Names as machines compare, search and read them: normal form, parts, bigrams, pinyin, surnames."""

from graph_service.text.bigrams import bigram_phrase, bigrams, searchable
from graph_service.text.names import NameParts, name_parts
from graph_service.text.normal import (
    LEGAL_FORMS,
    name_stem,
    name_stem_sql,
    normalize_address,
    normalize_address_sql,
    normalize_name,
    normalize_name_sql,
    normalize_phone,
    normalize_phone_sql,
)
from graph_service.text.pinyin import person_pinyin, pinyin, pinyin_columns, pinyin_initials
from graph_service.text.surnames import (
    COMPOUND_SURNAMES,
    SURNAMES,
    looks_like_organisation,
    looks_like_person,
    surname,
)

__all__ = [
    "COMPOUND_SURNAMES",
    "LEGAL_FORMS",
    "SURNAMES",
    "NameParts",
    "bigram_phrase",
    "bigrams",
    "looks_like_organisation",
    "looks_like_person",
    "name_parts",
    "name_stem",
    "name_stem_sql",
    "normalize_address",
    "normalize_address_sql",
    "normalize_name",
    "normalize_name_sql",
    "normalize_phone",
    "normalize_phone_sql",
    "person_pinyin",
    "pinyin",
    "pinyin_columns",
    "pinyin_initials",
    "searchable",
    "surname",
]
