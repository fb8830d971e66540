"""Which files a load consists of, to which template each belongs, and in which order they go in."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph_service.domain.errors import (
    CreditGraphError,
    DeliveryRefused,
    MissingPath,
    TemplateMismatch,
    WrongCall,
)
from loaders.formats.standards import standard_of
from loaders.options import LoadOptions
from loaders.reader import SourceFile, inspect
from loaders.template import Template, fit, fitting, load_templates, match_headers
from loaders.template.fit import Fit, check_header

_DATED = re.compile(r"_(\d{4})(\d{2})(\d{2})$")
FIRST = ("registration", "branches", "shareholders", "managers", "changes")
"""Templates that others refer to; of one day they load first."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A file with its template; `headers`: column name -> header in the file."""

    source: SourceFile
    template: Template
    headers: dict[str, str]
    date: dt.date | None


@dataclass(frozen=True, slots=True)
class Unfit:
    """A file that is refused, and why."""

    path: Path
    error: CreditGraphError


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files meant by paths; of a folder all that are not hidden.

    Raises:
        MissingPath: a path does not exist.
        WrongCall: nothing to load.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise MissingPath(f"There is no file or folder {path}; check the path.")
        listed = sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
        visible = [p for p in listed if not p.name.startswith((".", "~$"))] if path.is_dir() else listed
        if not visible:
            raise WrongCall(f"The folder {path} holds no file to load; give the folder with the deliveries.")
        found += visible
    return found


def match_file(path: Path, options: LoadOptions) -> Matched | Unfit:
    """The file's template by its header, or why there is none."""
    try:
        source = inspect(path)
        if (standard := standard_of(source, options.template)) is not None:
            return Matched(source, load_templates()[standard], {}, options.date)
        check_header(source.header)
        template = _template_of(source, options.template)
        headers = match_headers(template, source.header)
        return Matched(source, template, headers, options.date or _date_in_name(path, template))
    except DeliveryRefused as e:
        return Unfit(path, e)


def _template_of(source: SourceFile, given: Template | None) -> Template:
    """The given template where the file fits it, else the one that fits best.

    Raises:
        TemplateMismatch: naming what fits better, what is missing, or what fits equally well.
    """
    builtin = list(load_templates().values())
    others = fitting(source.header, builtin)
    if given is not None:
        return _check_given(source, fit(given, source.header), others)
    if not others:
        raise TemplateMismatch(_nothing_fits(source, builtin))
    best = [f for f in others if f.score == others[0].score]
    if len(best) > 1:
        names = ", ".join(f.template.name for f in best)
        raise TemplateMismatch(
            f"{source.path.name} fits several templates equally well ({names}); name one with --template."
        )
    return best[0].template


def _check_given(source: SourceFile, own: Fit, others: list[Fit]) -> Template:
    name, file = own.template.name, source.path.name
    better = others[0].template.name if others and others[0].template.name != name else None
    if own.missing:
        lacks = f"{file} lacks the required column {own.missing[0]} of the template {name}"
        raise TemplateMismatch(
            f"{lacks}; it fits the template {better}."
            if better
            else f"{lacks}; add it or name another template."
        )
    is_builtin = name in load_templates() and own.template is load_templates()[name]
    if better is not None and is_builtin and others[0].score[0] > own.score[0]:
        raise TemplateMismatch(
            f"{file} fits the template {better} better than {name}; load it with {better}."
        )
    return own.template


def _nothing_fits(source: SourceFile, builtin: list[Template]) -> str:
    fits = [fit(t, source.header) for t in builtin if not t.whole]
    near = max(fits, key=lambda f: (f.known, -len(f.missing)), default=None)
    sentence = f"{source.path.name} fits no template"
    if near is None or not near.known:
        return f"{sentence}: none knows its headers; name or write one with --template."
    if near.missing:
        return f"{sentence}: for {near.template.name} it lacks the required column {near.missing[0]}; add it."
    return f"{sentence}: {near.template.name} knows only {near.known} of its {near.headers} headers; see --template."


def _date_in_name(path: Path, template: Template) -> dt.date | None:
    found = _DATED.search(path.stem)
    if found is None or not template.file_date:
        return None
    try:
        return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def in_order(matched: Sequence[Matched]) -> list[Matched]:
    """By date, undated ones first; of one day what others refer to first; then by name."""
    return sorted(matched, key=_order)


def _order(m: Matched) -> tuple[dt.date, int, str]:
    rank = FIRST.index(m.template.name) if m.template.name in FIRST else len(FIRST)
    return (m.date or dt.date.min, rank, m.source.path.name)
