"""The outside of a statement: its ids, dates and version."""

from dataclasses import dataclass, field

from graph_service.domain.intervals import from_day
from graph_service.domain.standards.bods import VERSION
from graph_service.domain.standards.days import first_day
from graph_service.domain.standards.own_ids import OWN
from loaders.formats.fields import object_of, text_of
from loaders.formats.gather import Unfit
from loaders.formats.records import Record
from loaders.normalize.dates import OPEN_YEAR
from loaders.reading.nested import OLD_BODS

TYPES = ("entity", "person", "relationship")
STATUSES = (None, "new", "updated", "closed")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `stated`, `published`: days; `is_ours`: this program wrote it; of a record the latest counts."""

    line: int
    id: str
    record: str
    type: str
    status: str | None
    stated: int
    published: int | None
    is_ours: bool
    details: Record = field(repr=False)

    @property
    def order(self) -> tuple[int, int]:
        """Which of two statements about one record is the later one."""
        return (self.stated, self.line)

    @property
    def available(self) -> int:
        """From which day the world could know it."""
        return self.stated if self.published is None else self.published


def statement_of(line: int, value: Record) -> Statement:
    """The statement that an object is. Raises Unfit."""
    publication = object_of(value.get("publicationDetails"), "publicationDetails")
    version = text_of(publication.get("bodsVersion"), "bodsVersion")
    if (version not in (None, VERSION)) or ("statementId" not in value and any(k in value for k in OLD_BODS)):
        raise Unfit("bods_version", "bodsVersion")
    ids = {name: text_of(value.get(name), name) for name in ("statementId", "recordId")}
    for name, id_ in ids.items():
        if id_ is None:
            raise Unfit("missing_value", name)
    type_, status = text_of(value.get("recordType"), "recordType"), value.get("recordStatus")
    if type_ not in TYPES:
        raise Unfit("unknown_value", "recordType")
    if status not in STATUSES:
        raise Unfit("unknown_value", "recordStatus")
    stated, published = value.get("statementDate"), publication.get("publicationDate")
    return Statement(
        line, str(ids["statementId"]), str(ids["recordId"]), type_, status, _day(stated, "statementDate"),
        None if published is None else _day(published, "publicationDate"), _is_ours(publication),
        object_of(value.get("recordDetails"), "recordDetails"),
    )  # fmt: skip


def _is_ours(publication: Record) -> bool:
    publisher = publication.get("publisher")
    return isinstance(publisher, dict) and publisher.get("name") == OWN


def _day(value: object, column: str) -> int:
    text = text_of(value, column)
    if text is None:
        raise Unfit("missing_value", column)
    day = first_day(text)
    if day is None or from_day(day).year >= OPEN_YEAR:
        raise Unfit("bad_date", column)
    return day
