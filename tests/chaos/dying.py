"""A process of its own that dies at a failpoint: forked from this one, which has all of the code loaded."""

import os
import signal
from collections.abc import Callable

from django.db import connections

from marketplace.kernel.failpoints import arm
from tests.processes import until

from .books import are_all_backends_gone

CAME_THROUGH = 7


def dies_at(point: str, act: Callable[[], object]) -> None:
    """Act in a child until it is killed at that point; what it had open at the database is rolled back when this returns."""
    connections.close_all()  # no connection is shared with the child
    child = os.fork()
    if child == 0:
        try:
            arm(point, "kill")
            act()
        finally:
            os._exit(CAME_THROUGH)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, f"{point} was not reached"
    until(are_all_backends_gone)
