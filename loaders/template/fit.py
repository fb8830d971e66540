"""Which template a file belongs to: by its header alone."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph_service.domain.errors import TemplateMismatch
from loaders.template.model import Template

_FULL_WIDTH = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
_IGNORED = re.compile(r"[\s\ufeff\u200b\u3000*]+")


def normal_header(header: str) -> str:
    """A header as it is compared: half-width, without spaces, BOM and asterisks, letters in lower case.

    >>> normal_header(" 罚款金额（万元） ")
    '罚款金额(万元)'
    """
    return _IGNORED.sub("", header.translate(_FULL_WIDTH)).lower()


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a header fits a template: `known` of the file's `headers` mean something to it."""

    template: Template
    known: int
    headers: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every required column is there."""
        return not self.missing

    @property
    def score(self) -> tuple[float, int]:
        """Share of the headers known, then how many columns the file has to have."""
        required = sum(c.required for c in self.template.columns)
        return (round(self.known / max(self.headers, 1), 4), required)


def match_headers(template: Template, header: Sequence[str]) -> dict[str, str]:
    """Column name -> header of the file.

    A header with a unit in brackets at its end, `注册资本(万元)`, is the same column as without.

    Raises:
        TemplateMismatch: two headers of the file are the same column, or the same header.
    """
    spellings = {normal_header(h): c for c in template.columns for h in c.headers}
    found: dict[str, str] = {}
    for h in header:
        normal = normal_header(h)
        column = spellings.get(normal) or spellings.get(without_unit(normal))
        if column is None:
            continue
        if column.name in found:
            raise TemplateMismatch(
                f"The headers {found[column.name]} and {h} are the same column; keep one of them."
            )
        found[column.name] = h
    return found


def without_unit(header: str) -> str:
    """The header without a unit in brackets at its end."""
    return re.sub(r"\((?:万元|元|人民币万元|万元人民币|%|yyyy-mm-dd)\)$", "", header)


def check_header(header: Sequence[str]) -> None:
    """Refuse a header that stands twice.

    Raises:
        TemplateMismatch: naming it.
    """
    seen: set[str] = set()
    for h in header:
        if normal_header(h) in seen:
            raise TemplateMismatch(f"The header {h} stands twice; keep one of the two columns.")
        seen.add(normal_header(h))


def fit(template: Template, header: Sequence[str]) -> Fit:
    """How well the header fits; a template with two headers for one column fits as if it were one."""
    spellings = {normal_header(h): c.name for c in template.columns for h in c.headers}
    normal = [normal_header(h) for h in header]
    names = [spellings.get(h) or spellings.get(without_unit(h)) for h in normal]
    found = {n for n in names if n}
    missing = tuple(c.headers[0] for c in template.columns if c.required and c.name not in found)
    return Fit(template, sum(n is not None for n in names), len(header), missing)


def fitting(header: Sequence[str], templates: Iterable[Template]) -> list[Fit]:
    """The templates whose required columns are all there and that know at least half of the headers; best first."""
    fits = [fit(t, header) for t in templates if not t.whole]
    usable = [f for f in fits if f.complete and f.known * 2 >= f.headers]
    return sorted(usable, key=lambda f: (f.score, f.template.name), reverse=True)
