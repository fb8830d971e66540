"""Stakes: who holds how much of whom on a day, in capital and in votes, as the flat arrays that kernels read.

Definition. The stakes that i has in j on the day are one stake: the sum of what is known of them. A missing share is
subscribed amount ÷ registered capital of j where both are known and the quotient is at most 1; else the stake is
unknown (beside what is known of it). A share that is negative, infinite or no number is missing. Where the known stakes
in j sum to S > 1, each counts as share ÷ S; the stated share stays in `direct`. What is left of j, max(0, 1 − S), belongs
to the holders of unknown stakes: all of it where the list of holders is complete, which it is by default of limited
companies (有限责任公司), else at most that. Votes are the stated voting share, else the share of capital, and are
scaled by their own sum.

Source: 公司法（2023）第四条, 第六十五条 (votes by capital unless the articles say otherwise).
"""

from dataclasses import dataclass

import numpy as np

from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import AnyArray, Flags, Floats, Ints, Longs, freeze
from graph_service.projection.graph import CsrGraph

VERSION = "stakes-2"
COMPLETE_TYPES = ("limited",)
LEAST = 1e-9  # what is left of a company below this is rounding


@dataclass(frozen=True, slots=True)
class Stakes:
    """Stakes in n entities; those in j are rows firsts[j]:firsts[j+1], ascending by holder.

    Per stake: `holders`, `held` (places in the graph); `direct`, the known share as stated or derived (0 where nothing
    is known); `shares` and `votes`, scaled; `unknown`, `votes_unknown`: whether part of what is left belongs to it;
    `derived`: whether any of it comes from amount ÷ capital. The stakes of holder i are rows
    by_holder[holder_firsts[i]:holder_firsts[i+1]], ascending by company. Per company: `left` and `votes_left`, what is
    left for unknown stakes (0 where there is none), `sums` of the stated shares, `complete`: whether the list of
    holders is.
    """

    firsts: Longs
    holders: Ints
    held: Ints
    direct: Floats
    shares: Floats
    votes: Floats
    unknown: Flags
    votes_unknown: Flags
    derived: Flags
    by_holder: Ints
    holder_firsts: Longs
    left: Floats
    votes_left: Floats
    sums: Floats
    complete: Flags

    def of(self, company: int) -> range:
        """Rows of the stakes in a company."""
        return range(int(self.firsts[company]), int(self.firsts[company + 1]))

    def of_holder(self, holder: int) -> Ints:
        """Rows of the stakes that a holder has."""
        return self.by_holder[int(self.holder_firsts[holder]) : int(self.holder_firsts[holder + 1])]

    @property
    def count(self) -> int:
        """Number of entities."""
        return len(self.firsts) - 1


def stakes(graph: CsrGraph, day: int) -> Stakes:
    """The stakes of a day. Cost: linear in the holdings of all days.

    >>> from tests.graphs import DAY, holds, project
    >>> graph = project([holds("p:1", "e:1", 0.75), holds("p:2", "e:1", 0.5)])
    >>> found = stakes(graph, DAY)
    >>> sorted(float(found.shares[row]) for row in found.of(graph.place("e:1")))
    [0.4, 0.6]
    """
    from graph_service.projection.lookup_kernels import grouped_by, offsets_of  # noqa: PLC0415  (loads the compiler)

    e = graph.edges
    chosen = e.in_edges[graph.edges_on(day, (FactKind.HOLDS,))[e.in_edges]]
    shares, derived = _known(graph, chosen)
    votes = np.where(_is_share(e.votes[chosen]), e.votes[chosen], shares)
    pairs = _starts_of_pairs(e.objects[chosen], e.subjects[chosen])
    held, holders = e.objects[chosen][pairs], e.subjects[chosen][pairs]
    firsts: Longs = offsets_of(held, graph.node_count)
    to_holder: Longs = offsets_of(holders, graph.node_count)
    complete = np.isin(
        graph.nodes.types, [graph.words.types.index(t) for t in COMPLETE_TYPES if t in graph.words.types]
    )
    capital = _scaled(_sums(shares, pairs), _any(np.isnan(shares), pairs), held, graph.node_count)
    voting = _scaled(_sums(votes, pairs), _any(np.isnan(votes), pairs), held, graph.node_count)
    found = Stakes(
        firsts, holders, held, _sums(shares, pairs), capital.values, voting.values, capital.unknown, voting.unknown,
        _any(derived, pairs), grouped_by(holders, to_holder), to_holder, capital.left, voting.left,
        capital.sums, complete,
    )  # fmt: skip
    freeze(found)
    return found


def _is_share(values: Floats) -> Flags:
    """Which are finite and not negative."""
    return np.isfinite(values) & (values >= 0)


def _known(graph: CsrGraph, chosen: Ints) -> tuple[Floats, Flags]:
    """Share of each chosen edge, NaN where it is missing and cannot be derived; which are derived."""
    e = graph.edges
    stated, amounts, capital = e.shares[chosen], e.amounts[chosen], graph.nodes.capital[e.objects[chosen]]
    with np.errstate(invalid="ignore", divide="ignore"):
        quotient = amounts / capital
        usable = np.isfinite(quotient) & (amounts > 0) & (quotient <= 1 + LEAST)
    is_stated = _is_share(stated)
    derived = ~is_stated & usable
    return np.where(is_stated, stated, np.where(derived, np.minimum(quotient, 1.0), np.nan)), derived


def _starts_of_pairs(held: Ints, holders: Ints) -> Longs:
    """Where each pair begins; edges into a company stand ascending by holder."""
    if len(held) == 0:
        return np.zeros(0, np.int64)
    is_new = np.r_[True, (held[1:] != held[:-1]) | (holders[1:] != holders[:-1])]
    return np.flatnonzero(is_new)


def _sums(values: Floats, pairs: Longs) -> Floats:
    """Sum of what is known of each pair."""
    known = np.where(np.isnan(values), 0.0, values)
    return np.add.reduceat(known, pairs) if len(pairs) else np.zeros(0)


def _any(flags: AnyArray, pairs: Longs) -> Flags:
    return np.logical_or.reduceat(flags, pairs) if len(pairs) else np.zeros(0, np.bool_)


@dataclass(frozen=True, slots=True)
class _Scaled:
    values: Floats
    unknown: Flags
    left: Floats
    sums: Floats


def _scaled(values: Floats, unknown: Flags, held: Ints, count: int) -> _Scaled:
    """Shares that sum to at most 1 in each company, and what is left of it where a stake is unknown."""
    sums = np.bincount(held, values, count).astype(np.float64)
    left = np.where(sums < 1 - LEAST, 1 - sums, 0.0)
    is_open = unknown & (left[held] > 0)
    left[np.bincount(held, is_open, count) == 0] = 0.0
    return _Scaled(values / np.maximum(sums, 1.0)[held], is_open, left, sums)
