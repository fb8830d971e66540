"""Which open standard a file is written in, by the names at the top of its objects."""

from graph_service.domain.errors import TemplateMismatch, UnreadableFile
from loaders.reader import SourceFile
from loaders.reading.nested import MARKS, OLD_BODS, nested_standard
from loaders.template import Template


def standard_of(source: SourceFile, given: Template | None) -> str | None:
    """The standard's template for a file; None: it is a table, or another template was named.

    Raises:
        TemplateMismatch: the standard was named and the file is not written in it.
        UnreadableFile: it is in an older version.
    """
    named = given.name if given is not None and given.whole and given.name in MARKS else None
    found = _written(source) if source.format in ("json", "jsonl") else None
    if named is not None and found != named:
        lacks = f"{source.path.name} is no file of the template {named}: its objects lack {' and '.join(MARKS[named])}"
        better = f"it fits the template {found}" if found else "deliver another file or name another template"
        raise TemplateMismatch(f"{lacks}; {better}.")
    return found if given is None or named is not None else None


def _written(source: SourceFile) -> str | None:
    names = set(source.header)
    if names.issuperset(OLD_BODS) and "recordType" not in names:
        message = f"{source.path.name} is written in BODS 0.3 or older (statementID, statementType); deliver version 0.4."
        raise UnreadableFile(message)
    return nested_standard(names)
