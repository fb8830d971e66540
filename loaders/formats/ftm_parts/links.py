"""Relations between entities of an FtM file, numbers of documents, and sanctions."""

from collections.abc import Callable
from itertools import product
from typing import Any

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.domain.intervals import from_day
from graph_service.domain.standards import ftm
from loaders.formats.fields import bounds, start_of
from loaders.formats.ftm_parts.entity import Proxy, period
from loaders.formats.ftm_parts.index import Index
from loaders.formats.gather import Said, Unfit
from loaders.formats.identity import Document, document_of, organisation_codes

RELATIONS = {k.name.lower(): k for k in FactKind if FactKind.HOLDS <= k <= FactKind.PLEDGES}
PAUSED = ("objected", "suspended")
FOREIGN_LIST = "blocked"
"""The kind of record that a sanction of others is."""


def link(proxy: Proxy, index: Index) -> Said:
    """What a relation states; nothing where it has no kind here, or an end that is not kept. Raises Unfit."""
    said, shape = Said(proxy.line), ftm.LINKS[proxy.schema]
    kind = kind_of(proxy)
    pairs = list(product(proxy.all(shape.subject), proxy.all(shape.object)))
    if not pairs:
        raise Unfit("missing_value", shape.object if proxy.all(shape.subject) else shape.subject)
    ends = [(_end(s, shape.subject, index), _end(o, shape.object, index)) for s, o in pairs]
    start, end = period(said, proxy)
    share, attrs = _share(said, proxy)
    votes, more = _votes(proxy)
    if kind is None:
        return said
    fields: dict[str, Any] = {
        "valid_from": start,
        "valid_to": end,
        "available_from": start,
        "role": proxy.first(shape.role),
    }
    if kind is FactKind.HOLDS:
        fields |= {"share": share, "votes": votes, "amount": _amount(proxy.first("sharesValue"))}
        attrs |= more | {"currency": proxy.first("sharesCurrency"), "interest": proxy.first("ownershipType")}
    for number, (subject, object_) in enumerate(ends, 1):
        if subject is not None and object_ is not None:
            part = proxy.called if len(ends) == 1 else f"{proxy.called}.{number}"
            said.fact(kind, subject, attrs, object=object_, part=part, **fields)
            if subject == object_ and kind is FactKind.HOLDS:
                said.note("self_holding")
    return said


def kind_of(proxy: Proxy) -> FactKind | None:
    """The kind of relation: by the summary that this program writes, else by the schema."""
    own = RELATIONS.get(proxy.first("summary") or "")
    if own is not None and ftm.SCHEMA_OF.get(own, ftm.OTHERS) == proxy.schema:
        return own
    return ftm.LINKS[proxy.schema].kind


def _end(called: str, column: str, index: Index) -> str | None:
    """Our id of an end; None where it is in the file and not kept. Raises Unfit where it is not."""
    if called in index.nodes:
        return index.nodes[called][0]
    if called not in index.others:
        raise Unfit("unknown_record", column)
    return None


def _share(said: Said, proxy: Proxy) -> tuple[float | None, dict[str, Any]]:
    text = proxy.first("percentage")
    if text is None:
        return None, {}
    if text.strip().startswith("-"):
        raise Unfit("negative_share", "percentage")
    found = ftm.bounds_of(text)
    if found is None:
        said.note("bad_percent", "percentage")
        return None, {}
    return bounds(found, "percentage")


def _votes(proxy: Proxy) -> tuple[float | None, dict[str, Any]]:
    text = next((t for t in proxy.all("description") if t.startswith(ftm.VOTES)), None)
    found = ftm.bounds_of(text.removeprefix(ftm.VOTES)) if text else None
    return bounds(found, "description", "votes") if found else (None, {})


def _amount(text: str | None) -> float | None:
    try:
        amount = float((text or "").replace(",", ""))
    except ValueError:
        return None
    return amount if 0 <= amount < float("inf") else None


def documents(proxy: Proxy) -> dict[str, list[Document]]:
    """The documents that an Identification or Passport tells of, by holder. Raises Unfit."""
    numbers = proxy.all("number", "passportNumber")
    if not numbers or proxy.first("holder") is None:
        raise Unfit("missing_value", "holder" if numbers else "number")
    told = [_document(proxy, n) for n in numbers]
    return dict.fromkeys(proxy.all("holder"), told)


def document(proxy: Proxy, index: Index) -> Said:
    """An organisation's number as a name to search by; of a person's the person's own row says the keyed hash."""
    said = Said(proxy.line)
    for called, told in documents(proxy).items():
        holder = _end(called, "holder", index)
        if holder is not None and index.nodes[called][1] != EntityKind.PERSON:
            organisation_codes(said, holder, [d.number for d in told])
        elif holder is not None:
            said.entity(holder, EntityKind.PERSON, None)
    return said


def _document(proxy: Proxy, number: str) -> Document:
    found = document_of("", number)
    kind = "passport" if proxy.schema == "Passport" else (proxy.first("type") or "other").lower()
    return found if found.is_citizens else Document(kind, (proxy.first("country") or "xx").upper(), number)


def sanction(proxy: Proxy, index: Index, is_kind: Callable[[str], bool]) -> Said:
    """A record about an entity: of the kind that `program` names, else `blocked`. Raises Unfit."""
    said = Said(proxy.line)
    if proxy.first("entity") is None:
        raise Unfit("missing_value", "entity")
    start, end = period(said, proxy)
    listed = start_of(said, proxy.first("listingDate"), "listingDate")
    start = listed if start is None else start
    if start is None:
        said.note("no_start", "startDate")
    program = proxy.first("program")
    is_ours = program is not None and is_kind(program)
    role = program if is_ours else FOREIGN_LIST
    part = proxy.first("recordId") or proxy.called
    attrs = {
        "document": proxy.first("authorityId"), "grade": proxy.first("provisions"), "record": proxy.called,
        "program": None if is_ours else program,
        "decided": None if listed is None else from_day(listed).isoformat(), "nature": proxy.first("reason"),
    }  # fmt: skip
    amount = next((t for t in proxy.all("description") if t.startswith(ftm.AMOUNT)), "")
    for called in proxy.all("entity"):
        subject = _end(called, "entity", index)
        if subject is None:
            continue
        said.fact(
            FactKind.RECORD, subject, attrs, role=role, part=part, valid_from=start, valid_to=end,
            available_from=start, name=proxy.first("authority"), amount=_amount(amount.removeprefix(ftm.AMOUNT)),
        )  # fmt: skip
        status = proxy.first("status")
        if status in PAUSED and start is not None:
            told = f"{role}|{part}|{from_day(start).isoformat()}"
            said.fact(FactKind.EXIT, subject, role=status, part=told, valid_from=start, available_from=start)
    return said
