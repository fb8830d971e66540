"""What a command needs to begin: the settings of this call, its store, its graph."""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from graph_service.credit_graph import CreditGraph, opening
from graph_service.domain.errors import NotAvailable
from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.settings import Settings, settings_from
from graph_service.store.base import GraphStore


@dataclass(frozen=True, slots=True)
class Question:
    """At which moment a question is asked; `purpose` and `case` would unmask."""

    as_of: int | None = None
    known_at: int | None = None
    purpose: str | None = None
    case: str | None = None


def settings() -> Settings:
    """Settings of the running command."""
    found = click.get_current_context().obj
    return found if isinstance(found, Settings) else settings_from(os.environ)


def invented_persons_key(chosen: Settings) -> str:
    """The key that persons of a synthetic city are hashed with: the user's, else the published one, which is said."""
    if chosen.person_key:
        return chosen.person_key
    key = DEMO_PERSON_KEY.decode()
    click.echo(
        "CREDIT_GRAPH_PERSON_KEY is not set: the invented persons are hashed with the published demo key; "
        f"to load them by hand, first run: export CREDIT_GRAPH_PERSON_KEY={shlex.quote(key)}",
        err=True,
    )
    return key


@contextmanager
def existing_store() -> Iterator[GraphStore]:
    """The store of this call, closed at the end. Raises StoreError where there is none."""
    store = opening.existing_store(settings())
    try:
        yield store
    finally:
        store.close()


@contextmanager
def new_or_existing_store() -> Iterator[GraphStore]:
    """The store of this call, made if it is not there yet; closed at the end."""
    store = opening.store_of(settings())
    try:
        yield store
    finally:
        store.close()


@contextmanager
def graph_at(question: Question) -> Iterator[CreditGraph]:
    """The graph at the moment asked for. Raises NotAvailable for an unmasked look-up."""
    if question.purpose is not None or question.case is not None:
        message = (
            "--purpose and --case unmask names, which this version does nowhere (`precheck` takes them to log who asked); "
            "ask without them to get the masked answer."
        )
        raise NotAvailable(message)
    graph = CreditGraph.open(
        settings().store, as_of=question.as_of, known_at=question.known_at, home=settings().home
    )
    try:
        yield graph
    finally:
        graph.close()
