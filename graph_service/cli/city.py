"""`city`: a synthetic city to try and to test with."""

from pathlib import Path
from typing import Any

import click

from graph_service.cli.context import settings
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.cli.progress import progress


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--enterprises", type=click.IntRange(min=100), default=2000, show_default=True, help="In business."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Same seed, same bytes."
)
@click.option(
    "--individual-businesses", type=click.FloatRange(0, 10), default=2.25, show_default=True,
    help="So many for each enterprise.",
)  # fmt: skip
@formatted
def city(
    *, directory: Path, enterprises: int, seed: int, individual_businesses: float, output: Output
) -> None:
    """Write a synthetic city: DIR/feeds as departments deliver them, DIR/truth with what is so.

    Names and codes are invented; persons are hashed under CREDIT_GRAPH_PERSON_KEY, else the published demo key.
    """
    with progress("city"):
        make_city(directory, enterprises, seed, settings().person_key, individual_businesses)
    files = sorted(p.name for p in (directory / "feeds").iterdir())
    document: dict[str, Any] = {
        "directory": str(directory), "feeds": str(directory / "feeds"), "truth": str(directory / "truth"),
        "enterprises": enterprises, "seed": seed, "individual_businesses": individual_businesses,
    }  # fmt: skip
    output.show({**document, "files": files}, [{**document, "files": len(files)}])


def make_city(
    directory: Path, enterprises: int, seed: int, person_key: str | None, individual_businesses: float = 2.25
) -> None:
    """Writes the city's files; persons in the truth are hashed under the key."""
    from loaders.city import write_city

    write_city(directory, enterprises, seed, individual_businesses)
