"""`batches`, `rejects`, `withdraw`: the deliveries of a store."""

import json
from collections.abc import Iterator
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
    output.show({"batches": rows}, flat)


@click.command()
@click.option("--batch", help="Only of this delivery.")
@formatted
def rejects(*, batch: str | None, output: Output) -> None:
    """List every rejected row: file, line, the row (masked), code, column, reason."""
    with existing_store() as store:
        if batch is not None and store.standing(batch) is None:
            raise _unknown(batch)
        output.stream("rejects", _rejects(store, batch))


@click.command()
@click.argument("batch")
@formatted
def withdraw(*, batch: str, output: Output) -> None:
    """Take a delivery back: what it alone stated no longer holds, what it ended stands again."""
    with existing_store() as store:
        if store.standing(batch) is None:
            raise _unknown(batch)
        with store.writer() as writer:
            counts = writer.withdraw(batch)
            writer.settle()
        document = {
            "batch": batch, "status": "withdrawn", "facts": asdict(counts), "content": store.content(),
            "refresh_needed": True,
        }  # fmt: skip
    output.show(document, [{"batch": batch, "status": "withdrawn", **asdict(counts)}])


def _rejects(store: GraphStore, batch: str | None) -> Iterator[dict[str, Any]]:
    for reject in store.rejected(batch):
        yield asdict(reject)


def _unknown(batch: str) -> UnknownBatch:
    message = f"no standing delivery has the key '{batch}'; `credit-graph batches` lists them."
    return UnknownBatch(message)
