"""What a writer that was cut off left: staged rows without a moment are removed, what a moment still lacks is completed.

Both may be repeated, and be cut off themselves, without harm.
"""

from graph_service.store.neo4j.drawing import Drawing
from graph_service.store.neo4j.lease import Lease
from graph_service.store.sqlite.delivery import today

_LEFT = "MATCH (c:CreditGraph) RETURN c.staging_moment, c.staging_delivery"
_DONE = "MATCH (c:CreditGraph) REMOVE c.staging_moment, c.staging_delivery"
_IN_PIECES = "CALL (x) {{ {what} }} IN TRANSACTIONS OF 10000 ROWS"
_SWEEPING = (
    ("MATCH (x:Fact) WHERE x.recorded_from = $t", "DELETE x"),
    ("MATCH (x:Fact) WHERE x.recorded_to = $t", "REMOVE x.recorded_to"),
    ("MATCH (x:Statement {delivery: $d})", "DELETE x"),
    ("MATCH (x:Reject {delivery: $d})", "DELETE x"),
    ("MATCH (x:Note {delivery: $d})", "DELETE x"),
    ("MATCH (x:Entity) WHERE x.recorded_from = $t", "DETACH DELETE x"),
)


def sweep(lease: Lease) -> None:
    """Remove what is staged for a moment that was never marked; a marked one is completed."""
    server = lease.server
    t, d = server.read(_LEFT)[0]
    if t is None:
        return
    if server.read("MATCH (m:Moment {number: $t}) RETURN 1", t=t):
        complete(lease)
        return
    lease.write()
    for find, what in _SWEEPING:
        server.run(f"{find} {_IN_PIECES.format(what=what)}", t=t, d=d)
    lease.write((_DONE, {}))


def complete(lease: Lease) -> None:
    """Draw what the last moment changed, on the day of today; nothing where that is done."""
    server = lease.server
    t, _ = server.read(_LEFT)[0]
    if t is None:
        return
    if not server.read("MATCH (m:Moment {number: $t}) RETURN 1", t=t):
        sweep(lease)
        return
    lease.write()
    day = today()
    draw(lease, day)
    Drawing(server, day).change(t)
    lease.write((_DONE, {}))


def draw(lease: Lease, day: int) -> None:
    """Let what is drawn be as of a day."""
    (before,) = lease.server.read("MATCH (c:CreditGraph) RETURN c.drawn_for")[0]
    if before is not None and before != day:
        Drawing(lease.server, day).move(before)
    if before != day:
        lease.write(("MATCH (c:CreditGraph) SET c.drawn_for = $day", {"day": day}))
