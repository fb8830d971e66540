"""What every answer carries: snapshot and moment, whether the store moved on, whether it was cut."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from graph_service.results.plain import flat, plain

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Cut:
    """Where an answer was cut, and at how many; `total` where it is known."""

    stage: str
    limit: int
    total: int | None = None


class Heading(TypedDict):
    """The fields of `Answer`, to be handed on by keyword."""

    snapshot: str | None
    as_of: date
    known_at: datetime
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer at one moment.

    Attributes:
        snapshot: id of the snapshot that it comes from; None when computed live from the store.
        as_of: the day in the world.
        known_at: the moment in the system.
        stale: whether the store has changed since the snapshot.
        truncated: where a limit cut the answer; None when it is whole.
    """

    rows_in: ClassVar[str | None] = None

    snapshot: str | None
    as_of: date
    known_at: datetime
    stale: bool
    truncated: Cut | None = None

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON."""
        answer: dict[str, Any] = plain(self)
        head = [f.name for f in fields(Answer)]
        return {k: v for k, v in answer.items() if k not in head} | {k: answer[k] for k in head}

    def items(self) -> Sequence[Any]:
        """What the answer lists: one item a row of its table."""
        return getattr(self, self.rows_in) if self.rows_in else ()

    def rows(self) -> list[dict[str, Any]]:
        """The answer as flat rows, in the order of the answer."""
        return [flat(item) for item in self.items()]

    def to_frame(self) -> "pd.DataFrame":
        """The rows as a data frame; days as datetime64."""
        import pandas as pd  # noqa: PLC0415  (half a second that most programs never need)

        frame = pd.DataFrame(self.rows())
        for name in frame.columns:
            if frame[name].map(lambda v: isinstance(v, date)).any():
                frame[name] = pd.to_datetime(frame[name])
        return frame
