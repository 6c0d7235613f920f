from collections.abc import Iterator
from contextlib import contextmanager

from marketplace.kernel.acting import acting
from marketplace.registry.models import Membership


@contextmanager
def as_member(membership: Membership) -> Iterator[None]:
    """Act as this person in this role."""
    with acting(reason="demo_load", actor_id=membership.user_id, membership_id=membership.pk):
        yield
