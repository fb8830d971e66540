"""The audit log: who looked up whom, when, why; a file that only grows, whose every line seals the lines before it.

`chain.jsonl` holds one entry a line; `head.json` beside it the number and hash of the last one, so that also lines cut
off the end are missed. An entry is on disk before `write` returns. A line that a crash cut short was never acknowledged and
is dropped by the next write.
"""

import csv
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from graph_service.domain.errors import AuditError, CreditGraphError, WrongCall
from graph_service.security.hash_chain import HASH, START, break_of, sealed
from graph_service.security.masking import mask_digits

AuditEntry = Mapping[str, Any]
FORMS = (".jsonl", ".csv")
COLUMNS = (
    "number",
    "at",
    "by",
    "action",
    "about",
    "purpose",
    "case",
    "snapshot",
    "results",
    "previous",
    "hash",
)
NOT_WRITTEN = (
    "留痕写入失败，本次查询未执行: the audit log could not be written, so the look-up was not answered; free the "
    "disk or mend the rights on the folder 'audit' of the home, then ask again."
)


@dataclass(frozen=True, slots=True)
class LookUp:
    """A look-up: who asked what about whom, for which purpose and file; `results`: how many of what was told.

    `about` holds ids of entities, never names or numbers.
    """

    by: str
    action: str
    purpose: str
    case: str
    about: tuple[str, ...] = ()
    snapshot: str | None = None
    results: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a check: entries read, and what is wrong, in one sentence; None when the chain is whole."""

    entries: int
    problem: str | None


class AuditLog:
    """The audit log of one installation."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "audit"
        self._chain, self._head = self._folder / "chain.jsonl", self._folder / "head.json"

    def write(self, look_up: LookUp, at: datetime) -> int:
        """Append an entry, durably; its number. Raises AuditError where it cannot be written."""
        try:
            with self._locked() as file:
                return self._append(file, look_up, at)
        except OSError as error:
            raise AuditError(NOT_WRITTEN) from error

    def entries(self) -> Iterator[AuditEntry]:
        """All entries, oldest first. Raises AuditError for a line that is no entry."""
        if not self._chain.exists():
            return
        with self._chain.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.endswith(b"\n"):
                    yield _entry(line, number)

    def verify(self) -> Verified:
        """Whether every entry is as it was written, where it was written, and none is missing."""
        head = self._kept_head()
        try:
            found = list(self.entries())
        except AuditError as error:
            return Verified(0, str(error))
        broken = break_of(found)
        if broken is not None:
            text = (
                f"entry {broken + 1} is not as it was written, or one before it was removed, added or moved."
            )
            return Verified(len(found), text)
        if head is None:
            return Verified(len(found), "the file head.json is missing or damaged." if found else None)
        if len(found) < head[0] or (head[0] and found[head[0] - 1][HASH] != head[1]):
            return Verified(
                len(found), f"{head[0]} entries were written; those after {len(found)} are missing."
            )
        return Verified(len(found), None)

    def export(self, path: Path) -> int:
        """Copy all entries to a .jsonl or .csv file, whole or not at all; how many. Raises WrongCall."""
        if path.suffix not in FORMS:
            raise WrongCall(f"'{path.name}' does not say how to write; let it end in {' or '.join(FORMS)}.")
        if not path.parent.is_dir():
            raise WrongCall(f"there is no folder '{path.parent}'; make it, or name another one.")
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        count = 0
        try:
            with unfinished.open("w", encoding="utf-8", newline="") as out:
                for entry in self.entries():
                    count += 1
                    _write_as(path.suffix, out, entry, is_first=count == 1)
            unfinished.replace(path)
        except OSError as error:
            raise CreditGraphError(
                f"'{path}' could not be written: {os.strerror(error.errno or 0)}."
            ) from error
        finally:
            unfinished.unlink(missing_ok=True)
        return count

    @contextmanager
    def _locked(self) -> Iterator[IO[bytes]]:
        """The chain, open for its one writer."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._chain, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _append(self, file: IO[bytes], look_up: LookUp, at: datetime) -> int:
        number, previous, stop = _last(file)
        content = asdict(look_up) | {
            "number": number + 1, "at": at.astimezone(UTC).isoformat(), "about": list(look_up.about),
            "purpose": mask_digits(look_up.purpose), "case": mask_digits(look_up.case),
        }  # fmt: skip
        entry = sealed(content, previous)
        file.truncate(stop)
        file.seek(stop)
        file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        self._keep_head(number + 1, entry[HASH])
        return number + 1

    def _keep_head(self, number: int, hash_: str) -> None:
        """Before the chain the head is older, never newer: a crash between the two is no loss."""
        unfinished = self._head.with_suffix(".unfinished")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"entries": number, "hash": hash_}, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._head)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _kept_head(self) -> tuple[int, str] | None:
        try:
            kept = json.loads(self._head.read_text("utf-8"))
            return int(kept["entries"]), str(kept["hash"])
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _last(file: IO[bytes]) -> tuple[int, str, int]:
    """Number and hash of the last whole entry, and where it stops; 0, the start of a chain and 0 without one."""
    size = file.seek(0, os.SEEK_END)
    tail, start = b"", size
    while start and tail.count(b"\n") < 2:
        start = max(0, start - 65536)
        file.seek(start)
        tail = file.read(size - start)
    whole = tail[: tail.rfind(b"\n") + 1]
    if not whole:
        return 0, START, 0
    stop = size - (len(tail) - len(whole))
    entry = _entry(whole.splitlines()[-1], None)
    return int(entry["number"]), str(entry[HASH]), stop


def _entry(line: bytes, number: int | None) -> AuditEntry:
    try:
        entry = json.loads(line)
    except ValueError as error:
        where = f"line {number}" if number else "its last line"
        raise AuditError(
            f"the audit log is damaged: {where} is no entry; keep the file for the auditor."
        ) from error
    if not isinstance(entry, dict) or HASH not in entry or "number" not in entry:
        raise AuditError(
            f"the audit log is damaged: line {number or 'at its end'} is no entry; keep the file for the auditor."
        )
    return entry


def _write_as(suffix: str, out: IO[str], entry: AuditEntry, *, is_first: bool) -> None:
    if suffix == ".jsonl":
        out.write(json.dumps(entry, ensure_ascii=False) + "\n")
        return
    writer = csv.writer(out)
    if is_first:
        writer.writerow(COLUMNS)
    cells = (entry.get(c) for c in COLUMNS)
    writer.writerow(json.dumps(c, ensure_ascii=False) if isinstance(c, dict | list) else c for c in cells)
