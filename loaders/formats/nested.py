"""A file of an open standard as a delivery."""

from graph_service.domain.errors import WrongCall
from graph_service.domain.standards.own_ids import BODS, FTM
from loaders.discover import Matched
from loaders.formats import bods, ftm
from loaders.formats.gather import Gather
from loaders.options import LoadOptions
from loaders.part import Bundle, Part
from loaders.reader import SourceFile

NUMBERED = {BODS: bods.has_person_numbers, FTM: ftm.has_person_numbers}


def bundle_of(matched: Matched) -> Bundle | None:
    """The delivery that such a file is; None for a table."""
    convert = {BODS: _bods, FTM: _ftm}.get(matched.template.name)
    if convert is None or not matched.template.whole:
        return None
    source = matched.source
    needs_key = NUMBERED[matched.template.name](source)
    return Bundle(matched.template, (Part(matched),), source.sha256, matched.date, convert, needs_key)


def _bods(source: SourceFile, gather: Gather, options: LoadOptions) -> None:
    bods.convert(source, gather, options.person_key)


def _ftm(source: SourceFile, gather: Gather, options: LoadOptions) -> None:
    if options.rules is None:
        raise WrongCall("Reading FollowTheMoney needs the kinds of records; pass the rules of the office.")
    ftm.convert(source, gather, options.person_key, options.rules.has_kind)
