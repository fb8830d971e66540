"""The votes of a day as the kernels of control read them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph_service.analysis.stakes import Stakes
from graph_service.projection.arrays import Flags, Floats, Ints, Longs, filled

if TYPE_CHECKING:
    from graph_service.analysis.control_kernels import Table

MARGIN = 1e-9  # of all votes: what is above one half by less is rounding
NEVER = -1


@dataclass(frozen=True, slots=True)
class Network:
    """`arrays`: what `control_kernels.Net` says. `totals`: all votes in each company but those it holds of itself."""

    arrays: tuple[Longs, Ints, Floats, Flags, Floats, Floats, Ints]
    totals: Floats
    companies: int

    def tables(self, members: int) -> "Table":
        """An empty table for sets of so many members, besides the companies that they can reach."""
        from graph_service.analysis.control_kernels import new_table  # noqa: PLC0415  (loads the compiler)

        return new_table(len(self.totals), self.companies + members)


def network(stakes: Stakes, level: float) -> Network:
    """The votes, those of each holder together, and what must be exceeded in each company."""
    count, row = stakes.count, stakes.by_holder
    own = stakes.holders == stakes.held
    totals = np.ones(count)
    totals[stakes.held[own]] -= stakes.votes[own]
    bars = np.where(totals > MARGIN, level * totals + MARGIN * totals, np.inf)
    unknown = np.bincount(stakes.held[stakes.votes_unknown], minlength=count).astype(np.int32)
    needed = np.where(stakes.complete & (unknown > 0), unknown, NEVER).astype(np.int32)
    arrays = (
        stakes.holder_firsts, stakes.held[row], stakes.votes[row], stakes.votes_unknown[row], bars,
        stakes.votes_left, needed,
    )  # fmt: skip
    return Network(arrays, totals, int(np.count_nonzero(filled(stakes.firsts))))
