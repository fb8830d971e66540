"""How kernels are compiled: once per machine, kept on disk, and without the interpreter's lock.

Only kernel modules import this one, and only functions that compute import those, so that a look-up never waits for
the compiler to be loaded. Kernels run over a range of items and leave threads to their callers.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function over arrays on first use."""
    return cast("Callable[P, R]", njit(cache=True, nogil=True)(function))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a helper that kernels of the same file call."""
    return cast("Callable[P, R]", njit(cache=True, nogil=True, inline="never")(function))
