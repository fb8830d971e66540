"""What each part of a refresh costs for an enterprise as the city grows, and a chart of it.

    python -m benchmarks.growth [--sizes 100000 200000 …]

Random cities in memory, each in a process of its own. Prints microseconds for each enterprise as JSON, then the chart of
`docs/benchmarks.md` as Mermaid.
"""

import argparse
import json
import subprocess
import sys

SIZES = (100_000, 200_000, 500_000, 1_000_000, 2_000_000)
TOLD = (
    "stakes",
    "ownership",
    "control",
    "groups",
    "beneficial_owners",
    "associations",
    "propagation",
    "patterns",
)


def costs(size: int) -> dict[str, float]:
    """Microseconds of each part for an enterprise, and of all parts."""
    call = [sys.executable, "-m", "benchmarks.analysis", "--enterprises", str(size)]
    figures = json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)
    each = {part: figures[f"{part}_s"] / size * 1e6 for part in TOLD}
    return {**each, "all": sum(each.values())}


def chart(found: dict[int, dict[str, float]]) -> str:
    """A Mermaid chart of the cost of all parts by size."""
    sizes = ", ".join(f'"{size / 1e6:g} M"' for size in found)
    values = ", ".join(f"{each['all']:.1f}" for each in found.values())
    top = 1.25 * max(each["all"] for each in found.values())
    lines = (
        "```mermaid", "xychart-beta", '  title "All analyses, microseconds for each enterprise"',
        f"  x-axis [{sizes}]", f'  y-axis "µs" 0 --> {top:.0f}', f"  bar [{values}]", "```",
    )  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    found = {size: costs(size) for size in parser.parse_args().sizes}
    print(json.dumps({s: {k: round(v, 3) for k, v in each.items()} for s, each in found.items()}, indent=1))
    print(chart(found))


if __name__ == "__main__":
    main()
