"""Files in, deliveries out: the loaders as one call."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graph_service.domain.errors import BatchConflict, DeliveryRefused, WrongCall, WrongPersonKey
from graph_service.domain.identifiers import key_fingerprint
from graph_service.rules import load_rules
from graph_service.store.base import GraphStore
from loaders.deliver import load_bundles
from loaders.discover import Matched, Unfit, files_of, in_order, match_file
from loaders.formats import finbench, nested
from loaders.options import LoadOptions
from loaders.part import Bundle, bundle_of, ruled_bundle
from loaders.report import DeliveryReport, LoadReport
from loaders.template import Template, load_templates


@dataclass(frozen=True, slots=True)
class Found:
    """What a call's paths hold: deliveries in the order in which they load, and what is refused."""

    bundles: tuple[Bundle, ...]
    unfit: tuple[Unfit, ...]


def load_paths(store: GraphStore, paths: Sequence[Path], options: LoadOptions) -> LoadReport:
    """Load files and folders, each file as one delivery; what is refused is in the report, the others stand.

    Raises:
        MissingPath, WrongCall: nothing to load, or `--batch` for several files.
        WrongPersonKey: another key than the store's, or none where persons are loaded; nothing was read.
        TemplateError, RulesError: a template with a mistake, or one that asks for what the rules do not have.
    """
    started = time.perf_counter()
    _check_key(store, options)
    rules = options.rules or load_rules()
    options = replace(options, rules=rules)
    found = find(paths, options)
    bundles = [ruled_bundle(b, rules) for b in found.bundles]
    if options.batch is not None and len(bundles) + len(found.unfit) > 1:
        raise WrongCall("--batch names one delivery; load one file at a time with it.")
    if any(b.needs_key or p.matched.template.yields_persons for b in bundles for p in b.parts):
        _need_key(store, options)
    reports = [_unfit(u) for u in found.unfit]
    if bundles:
        with store.writer() as writer:
            reports += load_bundles(writer, bundles, options, lambda bundle: _known(store, bundle, options))
            writer.settle()
    return LoadReport(tuple(reports), time.perf_counter() - started, store.content())


def find(paths: Sequence[Path], options: LoadOptions) -> Found:
    """What the paths hold: whole data sets first, then files by date and by what others refer to.

    Raises:
        MissingPath, WrongCall.
    """
    sets = [
        p for p in paths if p.is_dir() and options.template in (None, _finbench()) and finbench.is_data_set(p)
    ]
    rest = list(_rest(paths, sets))
    matched = [match_file(path, options) for path in rest]
    bundles, unfit = [], [u for u in matched if isinstance(u, Unfit)]
    for folder in sets:
        try:
            bundles.append(finbench.bundle(folder))
        except DeliveryRefused as e:
            unfit.append(Unfit(folder, e))
    bundles += [
        nested.bundle_of(m) or bundle_of(m) for m in in_order([m for m in matched if isinstance(m, Matched)])
    ]
    return Found(tuple(bundles), tuple(unfit))


def _finbench() -> Template:

    return load_templates()[finbench.NAME]


def _rest(paths: Sequence[Path], sets: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path in sets:
            yield from (p for p in files_of([path]) if not finbench.owns(p))
        else:
            yield from files_of([path])


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


def _known(store: GraphStore, bundle: Bundle, options: LoadOptions) -> DeliveryReport | None:
    """What is said of a delivery whose key stands already."""
    batch = options.batch or bundle.sha256
    standing = store.standing(batch)
    if standing is None:
        return None
    if standing.content_sha256 != bundle.sha256:
        error = BatchConflict(f"The batch {batch} stands with other content; choose another --batch.")
        return DeliveryReport(batch, bundle.template.name, "refused", bundle.files, error=str(error))
    return DeliveryReport(batch, standing.template, "already_loaded", bundle.files)
