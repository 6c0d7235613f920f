"""How long a page waits for the search engine: all its questions together, not each by itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

from .port import EngineUnavailable

MILLISECONDS = 1000

_until: ContextVar[float | None] = ContextVar("search_until", default=None)


@contextmanager
def patience() -> Iterator[None]:
    """From here on the engine has `SEARCH_PATIENCE` for whatever it is asked; within another such block, what that one has left."""
    if _until.get() is not None:
        yield
        return
    token = _until.set(time.monotonic() + settings.SEARCH_PATIENCE / MILLISECONDS)
    try:
        yield
    finally:
        _until.reset(token)


def time_left() -> float:
    """Seconds that the next question may take. Raises EngineUnavailable when there are none."""
    until = _until.get()
    left = settings.SEARCH_PATIENCE / MILLISECONDS if until is None else until - time.monotonic()
    if left <= 0:
        raise EngineUnavailable(f"The search engine is slow: {settings.SEARCH_PATIENCE} ms were not enough for a page.")
    return left
