import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.loaders.reading_help import read_bytes

CELLS = st.text(st.sampled_from('甲三a1 ,;|\t"\n\r，“é　'), max_size=6)


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, list[list[str]]]:
    width = draw(st.integers(1, 5))
    return width, draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=12))


def expected(text: str, delimiter: str) -> list[tuple[int | str, ...]]:
    """What Python's csv module reads, with the line where each record starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: list[tuple[int | str, ...]] = []
    start = 1
    for row in reader:
        if row:
            found.append((start, *row))
        start = reader.line_num + 1
    return found[1:]


def looks_like_row(line: str, delimiter: str, width: int) -> bool:
    try:
        return [len(row) for row in csv.reader([line], delimiter=delimiter, strict=True)] == [width]
    except csv.Error:
        return False


@settings(max_examples=300)
@given(
    tables(),
    st.sampled_from([",", "\t", "|", ";"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_what_csv_writes_is_read_as_csv_reads_it(
    table: tuple[int, list[list[str]]], delimiter: str, end: str, quoting: int, encoding: str
) -> None:
    width, rows = table
    if quoting == csv.QUOTE_MINIMAL and len(end) == 1:
        # The writer of csv quotes only the line ends that it uses itself.
        other = "\r" if end == "\n" else "\n"
        rows = [[cell.replace(other, end) for cell in row] for row in rows]
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow([f"列{at}" for at in range(width)])
    writer.writerows(rows)
    text = file.getvalue()
    wanted = expected(text, delimiter)
    # White space alone is a blank line here, and a line of text that is a whole row is taken for one: see elsewhere.
    starts = {row[0] for row in wanted}
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    inner = [line for at, line in enumerate(lines, 1) if at > 1 and at not in starts]
    assume(width > 1 or delimiter == ",")  # the header of one column shows no delimiter
    assume(width < 3 or not any(looks_like_row(line, delimiter, width) for line in inner))
    with TemporaryDirectory() as folder:
        result, found = read_bytes(Path(folder), text.encode(encoding))
    assert (result.rejects, found) == ([], wanted)
