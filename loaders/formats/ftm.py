"""FollowTheMoney: entities as JSON lines, read without the package of that name.

A file is read twice, because links may come before what they link.
"""

from collections.abc import Callable

from graph_service.domain.standards import ftm
from loaders.formats.ftm_parts.entity import Proxy, proxy_of
from loaders.formats.ftm_parts.index import Index
from loaders.formats.ftm_parts.links import document, documents, link, sanction
from loaders.formats.ftm_parts.nodes import has_person_number, kind_of, node, node_id
from loaders.formats.gather import Gather, Said, Unfit
from loaders.formats.records import records
from loaders.reader import RawReject, SourceFile

IsKind = Callable[[str], bool]


def has_person_numbers(source: SourceFile) -> bool:
    """Whether a person of the file carries a number that has to be hashed."""
    return any(not isinstance(v, RawReject) and has_person_number(v) for _, v in records(source))


def convert(source: SourceFile, gather: Gather, key: bytes | None, is_kind: IsKind) -> None:
    """All rows of a file; `is_kind`: whether a record kind is known. Raises UnreadableFile."""
    index = _index(source, key)
    for line, value in records(source):
        if isinstance(value, RawReject):
            gather.unread(value)
            continue
        try:
            if line in index.unfit:
                raise index.unfit[line]
            gather.take(_said(proxy_of(line, value), (index, key, is_kind)))
        except Unfit as e:
            gather.reject(line, e)
    gather.end()


def _index(source: SourceFile, key: bytes | None) -> Index:
    """Documents first: they say who their holder is."""
    index = Index()
    for step in (_note_document, _note):
        for line, value in records(source):
            if isinstance(value, RawReject):
                continue
            try:
                step(proxy_of(line, value), index, key)
            except Unfit as e:
                index.unfit[line] = e
    return index


def _note_document(proxy: Proxy, index: Index, _key: bytes | None) -> None:
    if proxy.schema in ftm.NUMBERS:
        for holder, told in documents(proxy).items():
            index.documents.setdefault(holder, []).extend(told)


def _note(proxy: Proxy, index: Index, key: bytes | None) -> None:
    kind = kind_of(proxy)
    if kind is not None:
        node(proxy, index, key)  # one that is rejected leaves nobody to refer to
    index.name(proxy.called)
    if kind is not None:
        index.keep(proxy.called, node_id(proxy, index, key), str(kind))
    _places(proxy, index)


def _places(proxy: Proxy, index: Index) -> None:
    if proxy.schema == ftm.OTHERS and proxy.first("summary") == "located_at":
        index.located.update((s, o) for s in proxy.all("subject") for o in proxy.all("object"))


def _said(proxy: Proxy, tools: tuple[Index, bytes | None, IsKind]) -> Said:
    index, key, is_kind = tools
    if proxy.called in index.nodes:
        return node(proxy, index, key)
    if proxy.schema in ftm.LINKS:
        return link(proxy, index)
    if proxy.schema in ftm.NUMBERS:
        return document(proxy, index)
    return sanction(proxy, index, is_kind) if proxy.schema == ftm.SANCTION else Said(proxy.line)
