"""Ids of our entities inside files of a standard, such that reading the file back gives the same ids."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from graph_service.domain.identifiers import is_entity_id

BODS, FTM = "bods", "ftm"
OWN = "credit-graph"
"""The publisher of what this program writes: in its BODS record ids are ids of ours; in FtM those begin with `cg.`."""
_SAFE = "".join(chr(c) for c in range(33, 127) if chr(c) != "%")
_PLAIN = re.compile(r"([a-z][a-z0-9-]*):([0-9A-Za-z]+(?:-[0-9A-Za-z]+)*)")
_FTM_PLAIN = re.compile(r"cg\.([a-z][a-z0-9-]*)\.([0-9A-Za-z-]+)")
_FTM_HEX = re.compile(r"cgx\.((?:[0-9a-f]{2})+)")
FTM_ID = re.compile(r"[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?")


def scheme_id(scheme: str, value: str) -> str:
    """The id of a thing that a file calls so: white space is written as %20, so that an id is one word.

    >>> scheme_id("bods", "rec 1")
    'bods:rec%201'
    """
    return f"{scheme}:{''.join(c if c in _SAFE or not (c.isspace() or c == '%' or not c.isprintable()) else quote(c) for c in value)}"


def record_id(entity: str) -> str:
    """The record id in BODS: what the file that brought the entity called it, else our id.

    >>> record_id("bods:rec%201"), record_id("uscc:1"), record_id("bods:uscc:1")
    ('rec 1', 'uscc:1', 'bods:uscc:1')
    """
    scheme, _, value = entity.partition(":")
    called = unquote(value)
    return called if scheme == BODS and not is_entity_id(called) else entity


def ftm_id(entity: str) -> str:
    """The id in FtM, which allows letters, digits, dots and hyphens.

    >>> ftm_id("uscc:91411202MA40AB121R"), ftm_id("ftm:NK-1"), ftm_id("bods:a b")
    ('cg.uscc.91411202MA40AB121R', 'NK-1', 'cgx.626f64733a612062')
    """
    scheme, _, value = entity.partition(":")
    if scheme == FTM and FTM_ID.fullmatch(value) and not value.startswith(("cg.", "cgx.")):
        return value
    plain = _PLAIN.fullmatch(entity)
    return f"cg.{plain[1]}.{plain[2]}" if plain else f"cgx.{entity.encode().hex()}"


def entity_of_ftm_id(called: str) -> str:
    """Our id of what an FtM file calls so: ours where it is one of ours.

    >>> entity_of_ftm_id("cg.uscc.1"), entity_of_ftm_id("NK-1"), entity_of_ftm_id(ftm_id("regno:浙1"))
    ('uscc:1', 'ftm:NK-1', 'regno:浙1')
    """
    if plain := _FTM_PLAIN.fullmatch(called):
        return f"{plain[1]}:{plain[2]}"
    if hexed := _FTM_HEX.fullmatch(called):
        try:
            found = bytes.fromhex(hexed[1]).decode()
        except ValueError:
            found = ""
        if is_entity_id(found):
            return found
    return scheme_id(FTM, called)
