"""A file inside a delivery, and what it takes to have its rows in the table `rows`."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from graph_service.domain.errors import DeliveryRefused
from graph_service.rules import Rules
from loaders.discover import Matched
from loaders.emit import FileContext, Stage, compile_stage
from loaders.findings import Findings, unread_message
from loaders.formats.gather import Gather
from loaders.options import LoadOptions
from loaders.reader import RawReject, SourceFile, read_rows
from loaders.report import Example
from loaders.session import Connection, run
from loaders.template import Template, ruled

_SMALL_SHARES = 0.05
"""Where fewer of a column's unsigned values than this are at most 1, all of them are per cent."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file with its template. `then`: statements that complete `rows` once it is read."""

    matched: Matched
    then: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name."""
        return self.matched.source.path.name


Convert = Callable[[SourceFile, Gather, LoadOptions], None]
"""Reads all records of a nested file into what gathers them."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What becomes one delivery: usually one file, of a whole data set all its files under one source.

    `nested`: what reads a file of an open standard, which is no table; `needs_key`: whether it names persons by number.
    """

    template: Template
    parts: tuple[Part, ...]
    sha256: str
    date: dt.date | None = None
    nested: Convert | None = None
    needs_key: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files."""
        return tuple(p.name for p in self.parts)


def bundle_of(matched: Matched) -> Bundle:
    """The delivery that one file is."""
    return Bundle(matched.template, (Part(matched),), matched.source.sha256, matched.date)


def ruled_bundle(bundle: Bundle, rules: Rules) -> Bundle:
    """The delivery with its templates under an office's rules. Raises RulesError, TemplateError."""
    matched = [replace(p.matched, template=ruled(p.matched.template, rules)) for p in bundle.parts]
    parts = tuple(replace(p, matched=m) for p, m in zip(bundle.parts, matched, strict=True))
    return replace(bundle, template=ruled(bundle.template, rules), parts=parts)


@dataclass
class Progressing:
    """A delivery on its way into the store."""

    bundle: Bundle
    options: LoadOptions
    con: Connection
    findings: Findings
    rows_read: int = 0

    @property
    def batch(self) -> str:
        """Key of the delivery."""
        return self.options.batch or self.bundle.sha256

    @property
    def terms(self) -> dict[str, int]:
        """Months that records last, by kind."""
        return self.options.rules.terms() if self.options.rules else {}

    def read(self, number: int) -> list[RawReject]:
        """Read a part into the table `rows`; what the reader rejected.

        Raises:
            DeliveryRefused: rows were lost.
        """
        part = self.bundle.parts[number]
        self.findings.file = part.name
        for statement in (f"SET VARIABLE file = {number}", "DROP TABLE IF EXISTS rows"):
            run(self.con, statement)
        result = read_rows(self.con, part.matched.source, "rows")
        if result.rows_read != result.rows_in_table + len(result.rejects):
            raise DeliveryRefused(f"{part.name}: rows were lost while reading; report this file.")
        self.rows_read += result.rows_read
        for reject in result.rejects:
            example = Example(part.name, reject.line, reject.column, unread_message(reject))
            self.findings.add(reject.code, 1, example, rejects=True)
        for statement in part.then:
            run(self.con, statement)
        return result.rejects

    def stage(self, number: int) -> Stage:
        """The SQL for a part that was read, its repeating cells worked out."""
        matched = self.bundle.parts[number].matched
        percents = [
            c.name for c in matched.template.columns if c.type == "percent" and c.name in matched.headers
        ]
        small = frozenset(c for c in percents if self._are_percents(matched.headers[c]))
        context = FileContext(matched.headers, self.options.today, small, self.terms)
        stage = compile_stage(matched.template, context)
        for statement in stage.cells:
            run(self.con, statement)
        return stage

    def _are_percents(self, header: str) -> bool:
        """Whether unsigned values up to 1 are per cent: nearly all unsigned values of the column are above 1."""
        quoted = header.replace('"', '""')
        values = f'SELECT TRY_CAST("{quoted}" AS DOUBLE) AS v FROM rows'
        ((small, large),) = run(
            self.con, f"SELECT count_if(v <= 1 AND v > 0), count_if(v > 1) FROM ({values})"
        )
        return bool(large) and bool(small < _SMALL_SHARES * (small + large))

    def slices(self) -> Sequence[tuple[int, int]]:
        """Ranges of lines with so many rows each that memory stays bounded."""
        numbered = "SELECT line, row_number() OVER (ORDER BY line) - 1 AS n FROM rows"
        query = f"SELECT line FROM ({numbered}) WHERE n % {self.options.rows_at_once} = 0 ORDER BY line"
        starts = [r[0] for r in run(self.con, query)]
        return list(zip(starts, [*(s - 1 for s in starts[1:]), 1 << 62], strict=True)) if starts else []

    def accepted(self) -> int:
        """Rows accepted so far."""
        return int(run(self.con, "SELECT coalesce(sum(n), 0)::BIGINT FROM accepted")[0][0])
