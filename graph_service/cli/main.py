"""`credit-graph [--store URL] COMMAND`: the table of commands and the edge where errors become sentences."""

import os
import sys

import click

from graph_service.cli.failures import run_guarded
from graph_service.cli.lazy import Commands, LazyGroup
from graph_service.logs import configure_logs
from graph_service.settings import settings_from

COMMANDS: Commands = {
    "templates": ("templates", "templates", "The feeds it can read: list, show, check."),
    "load": ("load", "load", "Load files or folders, each as one delivery."),
    "batches": ("deliveries", "batches", "List the deliveries."),
    "rejects": ("deliveries", "rejects", "List every rejected row with its reason."),
    "withdraw": ("deliveries", "withdraw", "Take a delivery back."),
    "city": ("city", "city", "Write a synthetic city: its feeds and the truth about it."),
    "refresh": ("refresh", "refresh", "Make a new snapshot of findings and show it from now on."),
    "search": (
        "find",
        "search",
        "Find entities by name, part of a name, code, telephone, address or pinyin.",
    ),
    "entity": ("find", "entity", "Show one entity: who it is, and whether it is listed."),
    "records": ("find", "records", "Show the records about one entity."),
    "history": ("find", "history", "Show what was known about one entity, and when."),
    "neighbours": ("around", "neighbours", "Show what surrounds one entity."),
    "associations": ("around", "associations", "Show the listed entities that one hangs together with."),
    "owners": ("ownership", "owners", "Show who owns one entity in the end, with chains."),
    "holdings": ("ownership", "holdings", "Show all that one entity has an interest in."),
    "controller": ("ownership", "controller", "Show who controls one entity, by votes."),
    "controlled": ("ownership", "controlled", "Show what one entity controls, by votes."),
    "group": ("ownership", "group", "Show the enterprises under common control with one."),
    "beneficial-owners": ("parties", "beneficial_owners", "Show the natural persons behind one enterprise."),
    "related-parties": ("parties", "related_parties", "Show related parties by three named definitions."),
    "communities": ("ownership", "communities", "Show what hangs together closely, over all relations."),
    "patterns": ("patterns", "patterns", "Show rings, successors, clusters and sudden changes."),
    "paths": ("paths", "paths", "Show how entities hang together: the paths between them."),
    "changes": ("changes", "changes", "Show what differs for one entity since a day or a snapshot."),
    "precheck": (
        "precheck",
        "precheck",
        "What the data say of a firm to be founded, or a person to take office.",
    ),
    "audit": ("audit", "audit", "The audit log: verify, list, export."),
    "matches": ("matches", "matches", "Identities and candidates; confirm or undo one as an officer."),
    "leads": ("leads", "leads", "Findings that officers marked; mark one or take a mark back."),
    "hubs": ("hubs", "hubs", "Neutral hubs; name or end one as an officer."),
    "move": ("move", "move", "Write a store's whole history into another store."),
    "export": ("export", "export", "Write all of something to a file."),
    "demo": ("demo", "demo", "From a synthetic city's files to its most connected enterprises."),
    "doctor": ("doctor", "doctor", "Check the installation and the store, and say how to mend them."),
}


@click.group(
    cls=LazyGroup,
    commands_table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit: 0 done, 1 refused or failed, 2 a wrong call.",
)
@click.option("--store", metavar="URL", help="Where the facts live; default sqlite:///credit-graph.db.")
@click.version_option(package_name="credit-graph", prog_name="credit-graph")
@click.pass_context
def program(context: click.Context, store: str | None) -> None:
    """Who hangs together with whom, which of them are listed, and how we know."""
    settings = settings_from(os.environ, store)
    configure_logs(settings.log_level, settings.log_format)
    context.obj = settings


def main() -> None:
    """Runs the command line and exits with its code."""
    sys.exit(run_guarded(lambda: program.main(prog_name="credit-graph", standalone_mode=False)))
