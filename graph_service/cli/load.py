"""`load`: files and folders into the store, each delivery as a whole or not at all."""

from dataclasses import replace
from pathlib import Path

import click

from graph_service.cli.context import new_or_existing_store, settings
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.cli.values import DAY
from graph_service.domain.errors import MissingPath
from graph_service.domain.intervals import from_day


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--template", help="Name or file of the template; default: found by the header of each file.")
@click.option("--batch", help="Key of the delivery; default: the hash of its content.")
@click.option(
    "--date", "day", type=DAY, help="Date of the delivery; default: from the file's name or a column."
)
@click.option("--strict", is_flag=True, help="Refuse a delivery when a single row is rejected.")
@click.option(
    "--max-rejects", type=click.FloatRange(0, 1), default=0.10, show_default=True,
    help="Refuse a delivery when more than this share of its rows is rejected.",
)  # fmt: skip
@click.option(
    "--allow-ending", is_flag=True, help="Let a complete list end more than 20 % of what it covers."
)
@formatted
def load(
    *,
    paths: tuple[Path, ...],
    template: str | None,
    batch: str | None,
    day: int | None,
    strict: bool,
    max_rejects: float,
    allow_ending: bool,
    output: Output,
) -> None:
    """Load files or folders. The report says what was read, loaded, rejected, and what it changed."""
    for path in paths:
        if not path.exists():
            message = f"'{path}' is not there; check the path."
            raise MissingPath(message)
    from graph_service.cli.loading import default_options, delivery_rows, load_with_progress, print_summary
    from loaders.template import read_template

    options = replace(
        default_options(settings().person_key, settings().home),
        template=read_template(template) if template else None,
        batch=batch, date=None if day is None else from_day(day), strict=strict, max_rejects=max_rejects,
        allow_ending=allow_ending,
    )  # fmt: skip
    with new_or_existing_store() as store:
        report = load_with_progress(store, paths, options)
    document = report.to_dict()
    output.show(document, delivery_rows(document), lambda: print_summary(document))
    for refused in report.refused:
        click.echo(f"credit-graph: {refused.error}", err=True)
    if report.refused:
        raise click.exceptions.Exit(1)
