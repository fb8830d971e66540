"""`demo`: from a synthetic city's files to the enterprises that hang together most with listed ones."""

import json
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from graph_service.cli.context import (
    Question,
    graph_at,
    invented_persons_key,
    new_or_existing_store,
    settings,
)
from graph_service.cli.evidence import Language, association_lines, language
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.cli.progress import progress
from graph_service.cli.values import DAY
from graph_service.domain.errors import CreditGraphError
from graph_service.results import Associations
from graph_service.settings import Settings, sqlite_path

SEED = 7
SHOWN = 10
CITY = Path("city")
MARK = CITY / "demo.json"
TRUTH = CITY / "truth" / "truth.json"


@dataclass(frozen=True, slots=True)
class Demo:
    """What was done, and what came of it."""

    load: dict[str, Any]
    snapshot: dict[str, Any]
    enterprises: tuple[Associations, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        totals = {k: v for k, v in self.load.items() if k not in {"deliveries", "issues", "files"}}
        found = [e.to_dict() for e in self.enterprises]
        return {"load": totals, "refresh": self.snapshot, "enterprises": found, "next": next_commands(self)}


@click.command()
@click.option(
    "--enterprises", type=click.IntRange(200), default=2000, show_default=True, help="Size of the city."
)
@click.option("--no-serve", is_flag=True, help="End after the findings.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Default: by the locale, else zh.")
@formatted
def demo(*, enterprises: int, no_serve: bool, lang: str | None, output: Output) -> None:  # noqa: ARG001  (no page yet)
    """From a synthetic city's files to its most connected enterprises, in the working folder."""
    chosen = settings()
    wanted = {"store": chosen.store, "enterprises": enterprises, "seed": SEED}
    _check_folder(wanted)
    key = invented_persons_key(chosen)
    _write_city(wanted, key)
    done = _run(chosen, key)
    output.show(done.to_dict(), _rows(done), lambda: _page(done, language(lang)))


def _check_folder(wanted: dict[str, Any]) -> None:
    """Refuses to mix the city with other data: the store must be new, or this demo's own.

    Raises:
        CreditGraphError: the store holds something else, or a city of another size.
    """
    found = json.loads(MARK.read_text("utf-8")) if MARK.is_file() else None
    with new_or_existing_store() as store:
        is_new = store.moment() == 0
    if found != wanted and (found is not None or not is_new or CITY.exists()):
        message = (
            "This folder or its store already holds other data; run `credit-graph demo` in an empty folder."
        )
        raise CreditGraphError(message)


def _write_city(wanted: dict[str, Any], key: str) -> None:
    """Writes the city, unless it is there whole; one that was cut off is written anew."""
    if MARK.is_file() and TRUTH.is_file():
        _say(f"1/4 the city in ./{CITY} is there already")
        return
    from loaders.city import write_city

    _say(f"1/4 a city of {wanted['enterprises']} enterprises in ./{CITY}")
    shutil.rmtree(CITY / "feeds", ignore_errors=True)
    CITY.mkdir(exist_ok=True)
    MARK.write_text(json.dumps(wanted), "utf-8")
    with progress("city"):
        write_city(CITY, wanted["enterprises"], SEED, person_key=key.encode())


def _run(chosen: Settings, key: str) -> Demo:
    from graph_service import snapshots
    from graph_service.cli.loading import default_options, load_with_progress

    as_of = json.loads(TRUTH.read_text("utf-8"))["as_of"]
    with new_or_existing_store() as store:
        _say("2/4 load its feeds")
        report = load_with_progress(store, [CITY / "feeds"], default_options(key, chosen.home)).to_dict()
        _say(f"3/4 refresh as of {as_of}")
        with progress("refresh"):
            made = snapshots.refresh(store, chosen.home, as_of=DAY.convert(as_of, None, None))
            snapshots.show(store, made, write_back=store.has_tools)
    _say("4/4 the most connected enterprises")
    with graph_at(Question()) as graph:
        return Demo(report, made.to_dict(), graph.most_associated(SHOWN))


def next_commands(done: Demo) -> list[str]:
    """Commands to go on with."""
    first = done.enterprises[0].entity.id if done.enterprises else "ID"
    program = called(settings())
    asked = (
        f"entity {first}", f"records {first}", f"neighbours {first} --depth 2", f"associations {first}",
        "search 三门峡", "rejects", "export associations associations.csv",
    )  # fmt: skip
    return [f"{program} {words}" for words in asked]


def called(chosen: Settings) -> str:
    """How this program is called from any folder, with the store of this call."""
    found = shutil.which("credit-graph")
    program = "credit-graph" if found else shlex.quote(str(Path(sys.executable).with_name("credit-graph")))
    path = sqlite_path(chosen.store)
    store = f"sqlite:///{path.absolute()}" if path else chosen.store
    return f"{program} --store {shlex.quote(store)}"


def _rows(done: Demo) -> list[dict[str, Any]]:
    return [row for found in done.enterprises for row in found.rows()]


def _page(done: Demo, lang: Language) -> None:
    from graph_service.cli.tables import print_lines

    for number, found in enumerate(done.enterprises, start=1):
        first, *rest = association_lines(found, lang)
        print_lines([f"{number}. {first}", *rest, ""])
    print_lines(["接下来可以：" if lang == "zh" else "To go on:", *(f"  {c}" for c in next_commands(done))])


def _say(text: str) -> None:
    click.echo(text, err=True)
