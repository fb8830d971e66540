"""Files in, deliveries out: the loaders as one call."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graph_service.domain.errors import BatchConflict, WrongCall, WrongPersonKey
from graph_service.domain.identifiers import key_fingerprint
from graph_service.rules import load_rules
from graph_service.store.base import GraphStore, GraphWriter
from loaders.deliver import load_file
from loaders.discover import Matched, Unfit, files_of, in_order, match_file
from loaders.options import LoadOptions
from loaders.report import DeliveryReport, LoadReport


def load_paths(store: GraphStore, paths: Sequence[Path], options: LoadOptions) -> LoadReport:
    """Load files and folders, each file as one delivery; what is refused is in the report, the others stand.

    Raises:
        MissingPath, WrongCall: nothing to load, or `--batch` for several files.
        WrongPersonKey: another key than the store's, or none where persons are loaded; nothing was read.
        TemplateError: a template with a mistake.
    """
    started = time.perf_counter()
    _check_key(store, options)
    if options.terms is None:
        options = replace(options, terms=load_rules().terms())
    files = files_of(paths)
    if options.batch is not None and len(files) > 1:
        raise WrongCall("--batch names one delivery; load one file at a time with it.")
    found = [match_file(path, options) for path in files]
    matched = in_order([m for m in found if isinstance(m, Matched)])
    if any(m.template.yields_persons for m in matched):
        _need_key(store, options)
    reports = [_unfit(u) for u in found if isinstance(u, Unfit)]
    if matched:
        with store.writer() as writer:
            reports += [_load(store, writer, m, options) for m in matched]
            writer.settle()
    return LoadReport(tuple(reports), time.perf_counter() - started)


def _check_key(store: GraphStore, options: LoadOptions) -> None:
    bound = store.person_key_fingerprint()
    if options.person_key is not None and bound is not None and bound != key_fingerprint(options.person_key):
        raise WrongPersonKey(
            "CREDIT_GRAPH_PERSON_KEY is not the key of this store; set that one, or use another store."
        )


def _need_key(store: GraphStore, options: LoadOptions) -> None:
    if options.person_key is None:
        raise WrongPersonKey(
            "These files name persons: set CREDIT_GRAPH_PERSON_KEY to the secret of this store first."
        )
    store.bind_person_key(key_fingerprint(options.person_key))


def _unfit(unfit: Unfit) -> DeliveryReport:
    return DeliveryReport(None, None, "refused", (unfit.path.name,), error=str(unfit.error))


def _load(store: GraphStore, writer: GraphWriter, matched: Matched, options: LoadOptions) -> DeliveryReport:
    batch = options.batch or matched.source.sha256
    standing = store.standing(batch)
    name = matched.source.path.name
    if standing is None:
        return load_file(writer, matched, options)
    if standing.content_sha256 != matched.source.sha256:
        error = BatchConflict(
            f"The batch {batch} stands with other content than {name}; choose another --batch."
        )
        return DeliveryReport(batch, matched.template.name, "refused", (name,), error=str(error))
    return DeliveryReport(batch, standing.template, "already_loaded", (name,))
