"""One thread that writes while the caller prepares what comes next."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import ParamSpec

P = ParamSpec("P")
_MOST_WAITING = 2


class Background:
    """Runs calls one after the other; the next call that meets a failed one raises its error.

    What was queued behind a failed call never runs: SQLite may have undone the transaction with it (a full disk does),
    and a later write would stand alone.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()
        self._has_failed = False

    def run(self, call: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Queue a call; waits when too many are queued, so that memory stays bounded."""
        while len(self._waiting) >= _MOST_WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(self._go, partial(call, *args, **kwargs)))

    def finish(self) -> None:
        """Wait for everything queued."""
        while self._waiting:
            self._waiting.popleft().result()

    def stop(self) -> None:
        """Drop what has not begun, wait for what has."""
        self._waiting.clear()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _go(self, call: Callable[[], None]) -> None:
        if self._has_failed:
            return
        try:
            call()
        except BaseException:
            self._has_failed = True
            raise
