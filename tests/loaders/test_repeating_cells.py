"""Cells that repeat are worked out once; the rows must come out as if each had been worked out by itself."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.emit.cells import REPEATING, cells_of, repeats
from loaders.normalize import ColumnContext, typed_column
from loaders.session import Connection, open_session, run
from loaders.template import Column

TODAY = date(2026, 11, 15)
DATED = Column("founded", ("成立日期",), "date")
WRITTEN = st.sampled_from(["2019-07-01", "2019年7月1日", "20190701", "长期", "2019-02-30", "", "-", None])


def _rows(con: Connection, texts: list[str | None]) -> None:
    run(con, 'CREATE TABLE rows (line BIGINT, "成立日期" VARCHAR)')
    con.executemany("INSERT INTO rows VALUES (?, ?)", [[i, t] for i, t in enumerate(texts)])


@settings(max_examples=20, deadline=None)
@given(st.lists(WRITTEN, min_size=1, max_size=40))
def test_rows_keep_their_order_and_get_what_their_own_text_means(texts: list[str | None]) -> None:
    con = open_session(b"a key for tests")
    _rows(con, texts)
    typed = typed_column(DATED, "cell", ColumnContext("成立日期", TODAY))
    cells = cells_of(DATED, "成立日期", typed)
    run(con, cells.table)
    joined = run(con, f"SELECT rows.line, {', '.join(cells.aliases)} FROM rows {cells.join}")
    meant = {
        t: run(
            con, f"SELECT * EXCLUDE (cell) FROM cells_founded WHERE cell IS NOT DISTINCT FROM {_literal(t)}"
        )
        for t in texts
    }
    assert joined == [(i, *meant[t][0]) for i, t in enumerate(texts)]
    assert all(len(rows) == 1 for rows in meant.values())
    con.close()


def _literal(text: str | None) -> str:
    return "NULL" if text is None else f"'{text}'"


def test_what_another_column_decides_with_is_worked_out_in_the_row() -> None:
    assert repeats(DATED)
    assert not repeats(Column("number", ("证件号码",), "number", document="certificate"))
    assert not repeats(Column("year", (), "integer", source="founded"))
    assert {"code", "number", "name"}.isdisjoint(REPEATING)
