"""Who is doing what is being done, and why: known to the database for every row that changes.

The value travels in a context variable; the database backend (`kernel.history.postgresql`) hands it to PostgreSQL as
each transaction opens. A write to a recorded table with nobody acting is refused there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Acting:
    """`reason`: what is being done, for people (a command's or a URL's name, or words someone typed)."""

    reason: str
    actor_id: int | None = None
    membership_id: int | None = None


_now_acting: ContextVar[Acting | None] = ContextVar("now_acting", default=None)


def now_acting() -> Acting | None:
    return _now_acting.get()


@contextmanager
def acting(reason: str, *, actor_id: int | None = None, membership_id: int | None = None) -> Iterator[Acting]:
    """Act as this person (or as the system, without `actor_id`) for the length of the block."""
    value = Acting(reason, actor_id, membership_id)
    token = _now_acting.set(value)
    try:
        _restamp()
        yield value
    finally:
        _now_acting.reset(token)
        _restamp()


def acting_because(reason: str):
    """The same person as now, for a reason said in words."""
    current = now_acting() or Acting(reason)
    return acting(**vars(replace(current, reason=reason)))


def _restamp() -> None:
    """Tell a transaction that is already open; one that opens later is told by the backend."""
    from django.conf import settings

    if not settings.configured:
        return
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        if getattr(connection, "in_atomic_block", False) and not connection.needs_rollback:
            connection.stamp()  # type: ignore[attr-defined]  # our backend has it
