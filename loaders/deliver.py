"""Deliveries into the store, one after the other: each all of it or nothing, the next one prepared meanwhile."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import orjson

from graph_service.domain.errors import DeliveryRefused
from graph_service.store.base import GraphWriter
from loaders.options import LoadOptions
from loaders.part import Bundle
from loaders.prepare import Prepared, Refused
from loaders.report import DeliveryReport

Known = Callable[[Bundle], DeliveryReport | None]
"""What is said of a delivery that stands already; None: it is to be loaded."""


def load_bundles(
    writer: GraphWriter, bundles: Sequence[Bundle], options: LoadOptions, known: Known
) -> list[DeliveryReport]:
    """Load deliveries in their order; a refused one is a report with its reason, and nothing of it is written."""
    with _preparing(bundles, options) as prepared:
        return [_load(writer, one, known) for one in prepared]


@contextmanager
def _preparing(bundles: Sequence[Bundle], options: LoadOptions) -> Iterator[list[Prepared]]:
    """One thread prepares, a delivery at a time, as far ahead as the bounds of the rows allow."""
    prepared = [Prepared(bundle, options) for bundle in bundles]
    with ThreadPoolExecutor(1, "prepare") as thread:
        for one in prepared:
            thread.submit(one.prepare)
        try:
            yield prepared
        finally:
            for one in prepared:
                one.rows.abandon()
            thread.shutdown(cancel_futures=True)


def _load(writer: GraphWriter, prepared: Prepared, known: Known) -> DeliveryReport:
    started = time.perf_counter()
    standing = known(prepared.bundle)
    if standing is not None:
        prepared.rows.abandon()
        return standing
    try:
        report = _write(writer, prepared, started)
    except Refused as e:
        report = e.report
    except DeliveryRefused as e:
        prepared.rows.abandon()
        report = prepared.refused(e)
    report = replace(report, seconds=time.perf_counter() - started)
    # Another process may have loaded the same between the look and the lock.
    return known(prepared.bundle) or report if report.status == "refused" else report


def _write(writer: GraphWriter, prepared: Prepared, started: float) -> DeliveryReport:
    with writer.delivery(prepared.header.result()) as out:
        prepared.rows.pour(out)
        checked = prepared.checked.result()
        if checked.scopes is not None:
            out.scopes(*checked.scopes)
        counts = out.apply(prepared.options.allow_ending)
        report = replace(checked.report, facts=counts, seconds=time.perf_counter() - started)
        content = out.commit(orjson.dumps(report.to_dict()).decode())
    return replace(report, content=content)
