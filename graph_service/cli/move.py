"""`move`: the whole history of this store in another one."""

import click

from graph_service.cli.context import existing_store, settings
from graph_service.cli.options import formatted
from graph_service.cli.output import Output
from graph_service.cli.progress import progress


@click.command()
@click.argument("target_url", metavar="TARGET_URL")
@formatted
def move(*, target_url: str, output: Output) -> None:
    """Write this store's whole history into another store: sqlite:///FILE or neo4j://HOST:PORT.

    The target must be empty. What arrived is read back and compared row by row; what is cut off leaves no store, and
    the same command begins anew. This store stays as it is. User and password of a server come from
    CREDIT_GRAPH_NEO4J_USER and CREDIT_GRAPH_NEO4J_PASSWORD.
    """
    from dataclasses import replace

    from graph_service.credit_graph import opening
    from graph_service.store.moving import move as moved

    with existing_store() as source:
        target = opening.store_of(replace(settings(), store=target_url))
        try:
            with progress("move") as advance:
                rows = moved(source, target, advance)
            said = {"source": source.url, "target": target.url, "content": target.content(), "rows": rows}
        finally:
            target.close()
    output.show(said, [{"source": source.url, "target": target.url, "content": said["content"], **rows}])
