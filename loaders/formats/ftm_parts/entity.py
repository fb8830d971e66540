"""The outside of an FtM entity: id, schema, properties; its values, taken out with a check."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph_service.domain.standards import ftm
from graph_service.domain.standards.own_ids import entity_of_ftm_id
from loaders.formats.fields import LONGEST, end_of, object_of, start_of, text_of
from loaders.formats.gather import Said, Unfit
from loaders.formats.records import Record
from loaders.reading.json_text import Number

KNOWN = frozenset({*ftm.NODES, *ftm.LINKS, *ftm.NUMBERS, ftm.SANCTION, *ftm.UNUSED})


@dataclass(frozen=True, slots=True)
class Proxy:
    """One entity of a file."""

    line: int
    called: str
    schema: str
    properties: dict[str, list[str]] = field(repr=False)

    @property
    def id(self) -> str:
        """Our id of it."""
        return entity_of_ftm_id(self.called)

    def all(self, *names: str) -> list[str]:
        """All values of these properties, each once."""
        return list(dict.fromkeys(v for n in names for v in self.properties.get(n, ())))

    def first(self, name: str) -> str | None:
        """The first value of a property."""
        return next(iter(self.properties.get(name, ())), None)

    def told(self, *names: str) -> str | None:
        """The value of the first of these properties that has one."""
        return next((v for n in names if (v := self.first(n)) is not None), None)


def proxy_of(line: int, value: Record) -> Proxy:
    """The entity that an object is. Raises Unfit."""
    called, schema = text_of(value.get("id"), "id"), text_of(value.get("schema"), "schema")
    for name, given in (("id", called), ("schema", schema)):
        if given is None:
            raise Unfit("missing_value", name)
    if schema not in KNOWN:
        raise Unfit("unknown_schema", "schema")
    held = object_of(value.get("properties"), "properties")
    properties = {str(name): _values(values, str(name)) for name, values in held.items()}
    return Proxy(line, str(called), str(schema), {n: v for n, v in properties.items() if v})


def _values(given: object, name: str) -> list[str]:
    values: Sequence[object] = given if isinstance(given, list) else [given]
    return [text for value in values if (text := _value(value, name)) is not None]


def _value(value: object, name: str) -> str | None:
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        return str(value["id"])  # entities may be nested into the one that points at them
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str) and len(value) > LONGEST:
        return None  # a whole document; nothing that is kept is so long
    return text_of(value, name)


def period(said: Said, proxy: Proxy) -> tuple[int | None, int | None]:
    """Start and end, half-open. Raises Unfit."""
    start = start_of(said, proxy.told("startDate", "date"), "startDate")
    end = end_of(said, proxy.told("endDate"), "endDate")
    if start is not None and end is not None and end <= start:
        raise Unfit("end_before_start", "endDate")
    return start, end
