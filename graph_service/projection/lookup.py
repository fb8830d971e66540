"""Places of millions of node numbers."""

from dataclasses import dataclass

import numpy as np

from graph_service.projection.arrays import Ints, Longs, ends

NUMBER_BITS = 63


@dataclass(frozen=True, slots=True)
class NodeIndex:
    """Ascending node numbers with the first place of each bucket of leading bits."""

    numbers: Longs
    starts: Longs
    shift: int

    @property
    def count(self) -> int:
        """Number of nodes."""
        return len(self.numbers)

    def places(self, wanted: Longs) -> Ints:
        """Place of each number, -1 where it is missing."""
        from graph_service.projection.lookup_kernels import find_all  # noqa: PLC0415  (loads the compiler)

        return find_all(self.numbers, self.starts, self.shift, wanted)


def node_index(numbers: Longs) -> NodeIndex:
    """An index over ascending numbers; about one node a bucket."""
    from graph_service.projection.lookup_kernels import bucket_starts  # noqa: PLC0415  (loads the compiler)

    bits = max(1, len(numbers).bit_length())
    shift = NUMBER_BITS - bits
    return NodeIndex(numbers, bucket_starts(numbers, shift, 1 << bits), shift)


def csr_starts(owners: Ints, count: int) -> Longs:
    """CSR offsets of `count` owners; owners are codes from 0."""
    return ends(np.bincount(owners, minlength=count))
