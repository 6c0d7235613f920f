"""Public identifiers: sortable by time, unguessable, never a primary key."""

from uuid import UUID

from uuid6 import uuid7


def public_id() -> UUID:
    return uuid7()
