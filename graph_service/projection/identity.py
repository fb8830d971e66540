"""SAME_AS applied: each relation to the entity that its end meant at the time of the relation."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graph_service.projection.arrays import EVER, OPEN, Ints, Longs
from graph_service.projection.lookup import NodeIndex
from graph_service.projection.tables import Sources, integers, longs


@dataclass(frozen=True, slots=True)
class Identity:
    """Targets of each node in the order in which they count: rows of `reach` are target, from, to."""

    firsts: Longs
    reach: Ints

    def during(self, ends: Ints, starts: Ints, stops: Ints) -> Ints:
        """The entity that each end means during start:stop.

        A relation goes whole to the target that its interval meets first, an officer's word before a rule's: what
        was said of a name goes on meaning the same firm after the firm has changed it.
        """
        from graph_service.projection.identity_kernels import followed  # noqa: PLC0415  (loads the compiler)

        return followed(ends, starts, stops, self.firsts, self.reach) if self.reach.shape[1] else ends

    def on(self, day: int) -> Ints:
        """The entity that answers of a day use for each node."""
        from graph_service.projection.identity_kernels import canonical_on  # noqa: PLC0415  (loads the compiler)

        return canonical_on(day, self.firsts, self.reach)


def identity(same_as: pa.Table, index: NodeIndex, sources: Sources) -> Identity:
    """Identity from the SAME_AS rows of the relation table."""
    who, target = index.places(longs(same_as, "subject")), index.places(longs(same_as, "object"))
    start, stop = integers(same_as, "valid_from", EVER), integers(same_as, "valid_to", OPEN)
    order = np.lexsort((target, start, sources.order[integers(same_as, "source", 0)], who))
    kept = order[(who[order] >= 0) & (target[order] >= 0) & (who[order] != target[order])]
    firsts = np.zeros(index.count + 1, np.int64)
    np.cumsum(np.bincount(who[kept], minlength=index.count), out=firsts[1:])
    return Identity(firsts, np.stack([target[kept], start[kept], stop[kept]]).astype(np.int32))
