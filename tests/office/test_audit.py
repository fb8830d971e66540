"""The audit log: durable before it answers, whole or told where it is not."""

import json
import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.errors import AuditError, WrongCall
from graph_service.office import AuditLog, LookUp
from graph_service.security.hash_chain import HASH, START, break_of, sealed

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LOOK = LookUp("officer-7", "precheck", "设立登记", "豫1号", ("person:1",), "s1-0", {"leads": 1})
Damage = Callable[[list[str]], list[str]]


def filled(home: Path, count: int = 5) -> AuditLog:
    log = AuditLog(home)
    assert [log.write(LOOK, NOW) for _ in range(count)] == list(range(1, count + 1))
    return log


def chain(home: Path) -> Path:
    return home / "audit" / "chain.jsonl"


def test_entries_are_numbered_and_whole(tmp_path: Path) -> None:
    log = filled(tmp_path)
    found = list(log.entries())
    assert [e["number"] for e in found] == [1, 2, 3, 4, 5]
    assert found[0]["previous"] == START
    assert found[0]["about"] == ["person:1"]
    assert (log.verify().entries, log.verify().problem) == (5, None)
    assert chain(tmp_path).stat().st_mode & 0o077 == 0


def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    assert (AuditLog(tmp_path).verify().entries, AuditLog(tmp_path).verify().problem) == (0, None)


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (lambda lines: [*lines[:2], lines[2].replace("officer-7", "officer-8"), *lines[3:]], "entry 3"),
        (lambda lines: [*lines[:2], *lines[3:]], "entry 3"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "entry 2"),
        (lambda lines: lines[1:], "entry 1"),
        (lambda lines: lines[:3], "after 3 are missing"),
        (lambda _lines: [], "after 0 are missing"),
        (lambda lines: [*lines, lines[-1]], "entry 6"),
        (lambda lines: [*lines[:1], "no entry\n", *lines[2:]], "line 2"),
    ],
)
def test_what_was_changed_removed_moved_or_added_is_named(tmp_path: Path, damage: Damage, place: str) -> None:
    log = filled(tmp_path)
    file = chain(tmp_path)
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(damage(lines)), "utf-8")
    problem = log.verify().problem
    assert problem is not None
    assert place in problem


def test_a_lost_head_is_told(tmp_path: Path) -> None:
    log = filled(tmp_path)
    (tmp_path / "audit" / "head.json").unlink()
    assert "head.json" in (log.verify().problem or "")


def test_a_line_that_a_crash_cut_short_is_dropped_by_the_next_write(tmp_path: Path) -> None:
    log = filled(tmp_path)
    whole = chain(tmp_path).read_bytes()
    chain(tmp_path).write_bytes(whole + b'{"number": 6, "by": "off')
    assert log.verify().problem is None
    assert log.write(LOOK, NOW) == 6
    assert log.verify().problem is None
    assert chain(tmp_path).read_bytes().startswith(whole)


def test_a_crash_between_entry_and_head_loses_nothing(tmp_path: Path) -> None:
    log = filled(tmp_path)
    head = (tmp_path / "audit" / "head.json").read_bytes()
    log.write(LOOK, NOW)
    (tmp_path / "audit" / "head.json").write_bytes(head)
    assert (log.verify().entries, log.verify().problem) == (6, None)
    assert log.write(LOOK, NOW) == 7


def test_long_entries_are_found_again_from_the_end(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    long = LookUp("o", "precheck", "p", "c", tuple(f"person:{i:032d}" for i in range(5000)))
    assert [log.write(long, NOW) for _ in range(3)] == [1, 2, 3]
    assert log.verify().problem is None


def test_several_processes_write_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=filled_by, args=(tmp_path, 20)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert (AuditLog(tmp_path).verify().entries, AuditLog(tmp_path).verify().problem) == (60, None)


def filled_by(home: Path, count: int) -> None:
    log = AuditLog(home)
    for _ in range(count):
        log.write(LOOK, NOW)


def test_numbers_of_persons_in_a_purpose_are_masked(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    log.write(LookUp("o", "precheck", "查342301199001013224", "342301199001013224号"), NOW)
    assert "342301199001013224" not in chain(tmp_path).read_text("utf-8")


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("a file")
    with pytest.raises(AuditError, match="留痕写入失败"):
        AuditLog(tmp_path).write(LOOK, NOW)


def test_an_export_holds_every_entry_or_is_not_there(tmp_path: Path) -> None:
    log = filled(tmp_path)
    assert log.export(tmp_path / "a.jsonl") == 5
    copied = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    assert break_of(copied) is None
    assert log.export(tmp_path / "a.csv") == 5
    assert len((tmp_path / "a.csv").read_text("utf-8").splitlines()) == 6
    with pytest.raises(WrongCall, match=r"end in \.jsonl or \.csv"):
        log.export(tmp_path / "a.txt")
    with pytest.raises(WrongCall, match="no folder"):
        log.export(tmp_path / "none" / "a.csv")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "a.jsonl", "audit"]


@given(
    st.lists(
        st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.none()), max_size=3), max_size=6
    ),
    st.data(),
)
def test_a_chain_breaks_where_an_entry_was_changed(
    contents: list[dict[str, object]], data: st.DataObject
) -> None:
    entries: list[dict[str, object]] = []
    for content in contents:
        plain = {k: v for k, v in content.items() if k not in {HASH, "previous"}}
        entries.append(sealed(plain, str(entries[-1][HASH]) if entries else START))
    assert break_of(entries) is None
    if entries:
        at = data.draw(st.integers(0, len(entries) - 1))
        changed = [*entries[:at], {**entries[at], "added": "x"}, *entries[at + 1 :]]
        assert break_of(changed) == at
