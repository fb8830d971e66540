"""How fast a file of 20 columns is read: `python -m benchmarks.reading [--rows 2000000] [--kind clean]`.

The kinds: clean (UTF-8), quoted (every cell in quotes, CRLF), gb18030, damaged (2.5 % of the rows).
"""

import argparse
import random
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from loaders.reader import inspect, memory_database, read_rows

WIDTH = 20
DISTINCT = 20_000
LETTERS = "三门峡市湖滨区商贸有限公司科技建设路工程灵宝卢氏渑池义马陕州"
KINDS = ("clean", "quoted", "gb18030", "damaged")


def row(rng: random.Random, kind: str) -> str:
    """One row of names, codes, days and amounts."""
    cells: list[str] = []
    for _ in range(WIDTH // 4):
        day = f"2019-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        code = f"91411200MA{rng.randrange(10**8):08}"
        cells += ["".join(rng.choices(LETTERS, k=8)), code, day, str(rng.randrange(10**6))]
    if kind == "damaged" and rng.randrange(40) == 0:
        cells = rng.choice(
            [cells[:-2], [*cells, "x"], ['"' + cells[0], *cells[1:]], [cells[0] + "\0", *cells[1:]]]
        )
    return ",".join(f'"{cell}"' for cell in cells) if kind == "quoted" else ",".join(cells)


def write(path: Path, rows: int, kind: str) -> None:
    """Write a file of `rows` rows, the same for the same kind."""
    rng = random.Random(7)  # noqa: S311  a benchmark wants the same file each time
    end = "\r\n" if kind == "quoted" else "\n"
    encoding = "gb18030" if kind == "gb18030" else "utf-8"
    part = "".join(row(rng, kind) + end for _ in range(DISTINCT)).encode(encoding)
    with path.open("wb") as file:
        file.write((",".join(f"列{at}" for at in range(WIDTH)) + end).encode(encoding))
        for _ in range(rows // DISTINCT):
            file.write(part)


def main() -> None:
    """Write a file, read it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--kind", choices=KINDS, default="clean")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        write(path, options.rows, options.kind)
        begun = time.perf_counter()
        source = inspect(path)
        inspected = time.perf_counter()
        con = memory_database()
        result = read_rows(con, source, "rows")
        seconds = time.perf_counter() - inspected
    [(table,)] = con.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchall()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert result.rows_read == options.rows // DISTINCT * DISTINCT
    print(
        f"{options.kind}: {source.size / 1e6:.0f} MB, {result.rows_read} rows, {len(result.rejects)} rejected"
    )
    print(
        f"inspect {inspected - begun:.2f} s, read {seconds:.2f} s: {result.rows_read / seconds:,.0f} rows/s"
    )
    print(f"peak {peak / 1e9:.2f} GB, of that the table {table / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
