"""`batches`, `rejects`, `withdraw`: the deliveries of a store."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from graph_service.cli.context import existing_store
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.cli.values import SHANGHAI
from graph_service.domain.errors import UnknownBatch
from graph_service.domain.intervals import from_day
from graph_service.store.base import Delivery, GraphStore

SHORTEST, SHOWN = 6, 12  # characters of a key that name a delivery, and that a table shows


def _moment(microseconds: int | None) -> str | None:
    return None if microseconds is None else datetime.fromtimestamp(microseconds / 1e6, SHANGHAI).isoformat()


def _row(delivery: Delivery) -> dict[str, Any]:
    report = json.loads(delivery.report) if delivery.report else {}
    return {
        "batch": delivery.batch,
        "template": delivery.template,
        "status": "withdrawn" if delivery.withdrawn else "loaded",
        "mode": delivery.mode,
        "date": None if delivery.date is None else from_day(delivery.date).isoformat(),
        "files": list(delivery.files),
        "rows_read": report.get("rows_read"),
        "rows_loaded": report.get("rows_loaded"),
        "rows_rejected": report.get("rows_rejected"),
        "recorded": _moment(delivery.recorded),
        "withdrawn": _moment(delivery.withdrawn),
        "sha256": delivery.content_sha256,
    }


@click.command()
@formatted
def batches(*, output: Output) -> None:
    """List the deliveries in the order in which they were recorded."""
    with existing_store() as store:
        rows = [_row(delivery) for delivery in store.deliveries()]
    flat = [{**row, "files": "; ".join(row["files"])} for row in rows]
    output.show({"batches": rows}, flat, lambda: _page(flat))


@click.command()
@click.option("--batch", help="Only of this delivery.")
@click.option("--notes", is_flag=True, help="Rows that were loaded with a note, instead.")
@formatted
def rejects(*, batch: str | None, notes: bool, output: Output) -> None:
    """List every rejected row: file, line, the row (masked), code, column, reason."""
    with existing_store() as store:
        listed = store.noted if notes else store.rejected
        found = listed(batch and full_key(store, batch))
        output.stream("notes" if notes else "rejects", (asdict(row) for row in found))


@click.command()
@click.argument("batch")
@formatted
def withdraw(*, batch: str, output: Output) -> None:
    """Take a delivery back: what it alone stated no longer holds, what it ended stands again."""
    with existing_store() as store:
        batch = full_key(store, batch)
        with store.writer() as writer:
            counts = writer.withdraw(batch)
            writer.settle()
        document = {
            "batch": batch, "status": "withdrawn", "facts": asdict(counts), "content": store.content(),
            "refresh_needed": True,
        }  # fmt: skip
    output.show(document, [{"batch": batch, "status": "withdrawn", **asdict(counts)}])


def full_key(store: GraphStore, text: str) -> str:
    """The key of the standing delivery that is meant: the whole key, or a beginning that only one has.

    Raises:
        UnknownBatch: none, or several.
    """
    if store.standing(text) is not None:
        return text
    found = [d.batch for d in store.deliveries() if d.withdrawn is None and d.batch.startswith(text)]
    if len(found) == 1 and len(text) >= SHORTEST:
        return found[0]
    what = (
        f"{len(found)} standing deliveries have keys that begin with"
        if found
        else "No standing delivery has the key"
    )
    message = f"{what} '{text}'; `credit-graph batches` lists them."
    raise UnknownBatch(message)


def _page(rows: list[dict[str, Any]]) -> None:
    from graph_service.cli.tables import print_table

    shown = ("template", "status", "date", "files", "rows_read", "rows_loaded", "rows_rejected", "recorded")
    print_table([{"batch": row["batch"][:SHOWN], **{k: row[k] for k in shown}} for row in rows])
