"""The truth beside the feeds: planted patterns, who is listed, and the probabilities that decided it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.csv as pacsv

from graph_service.domain.identifiers import (
    DEMO_PERSON_KEY,
    RESIDENT_ID,
    key_fingerprint,
    name_id,
    person_id,
    regno_id,
    uscc_id,
)
from loaders.city.build import City
from loaders.city.columns import at, joined, numbered, padded, repeated
from loaders.city.config import AS_OF
from loaders.city.streams import Ints, iso
from loaders.city.world import PERSON, Texts


def firm_ids(texts: Texts, index: Ints) -> list[str]:
    """Entity ids of firms: by code, else by registration number, else by name."""
    columns = at(texts.code, index), at(texts.registration, index), at(texts.firm, index)
    found = []
    for code, number, name in zip(*(c.to_pylist() for c in columns), strict=True):
        found.append(uscc_id(code) if code else regno_id(number) if number else name_id(name))
    return found


def member_id(texts: Texts, member: tuple[int, int], key: bytes) -> str:
    """The id that a load yields under this key for a member of a pattern: kind of node and number."""
    kind, number = member
    if kind == PERSON:
        return person_id(key, RESIDENT_ID, "CN", texts.citizen[number].as_py())
    return firm_ids(texts, np.array([number]))[0]


def write_hazard(path: Path, city: City) -> int:
    """truth/hazard.csv: entity, as_of, hazard for enterprises in business and not listed; returns the rows."""
    code = city.world.texts.code
    written = 0
    with path.open("wb") as sink:
        for anchor, risk, chance in city.past.hazards:
            firm = np.flatnonzero(risk)
            micro = numbered(np.round(chance[firm] * 1e8).astype(np.int64))
            text = joined("0.", padded(micro, 8))
            day = repeated(iso(anchor), len(firm))
            table = pa.table({"entity": joined("uscc:", at(code, firm)), "as_of": day, "hazard": text})
            options = pacsv.WriteOptions(include_header=written == 0, quoting_style="none")
            pacsv.write_csv(table.filter(table["entity"].is_valid()), sink, options)
            written += len(firm)
    return written


def listed(city: City) -> list[str]:
    """Ids of the firms that are on any list on the city's day."""
    return sorted(firm_ids(city.world.texts, np.flatnonzero(city.past.chronicle.listed(AS_OF) > 0)))


def write_truth(folder: Path, city: City, key: bytes) -> None:
    """Write truth.json and hazard.csv; only the published demo key is ever written, of others the fingerprint."""
    patterns = [
        {
            "kind": pattern.kind,
            "members": [member_id(city.world.texts, m, key) for m in pattern.members],
            "note": pattern.note,
        }
        for pattern in city.patterns
    ]
    answer = {
        "as_of": iso(AS_OF),
        "patterns": patterns,
        "listed": listed(city),
        "key": DEMO_PERSON_KEY.decode() if key == DEMO_PERSON_KEY else None,
        "key_fingerprint": key_fingerprint(key),
    }
    (folder / "truth.json").write_bytes(orjson.dumps(answer, option=orjson.OPT_INDENT_2))
    write_hazard(folder / "hazard.csv", city)
