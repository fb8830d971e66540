"""`city`: a synthetic city to try and to test with."""

from dataclasses import asdict
from pathlib import Path

import click

from graph_service.cli.context import invented_persons_key, settings
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.cli.progress import progress


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--enterprises", type=click.IntRange(20), default=2000, show_default=True, help="In business.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same bytes.")
@click.option(
    "--individual-businesses", type=click.FloatRange(0, 10), default=2.25, show_default=True,
    help="So many for each enterprise.",
)  # fmt: skip
@formatted
def city(
    *, directory: Path, enterprises: int, seed: int, individual_businesses: float, output: Output
) -> None:
    """Write a synthetic city: DIR/feeds as departments deliver them, DIR/truth with what is so.

    Names, codes and persons are invented; the truth names persons by their ids under CREDIT_GRAPH_PERSON_KEY,
    without one under the published demo key.
    """
    from loaders.city import write_city

    key = invented_persons_key(settings())
    with progress("city"):
        written = write_city(directory, enterprises, seed, individual_businesses, key.encode())
    document = {
        **asdict(written), "feeds": str(directory / "feeds"), "truth": str(directory / "truth"),
        "enterprises": enterprises, "seed": seed, "individual_businesses": individual_businesses,
        "total_rows": written.total_rows,
    }  # fmt: skip
    output.show(document, [{"file": name, "rows": rows} for name, rows in written.rows.items()])
