"""A process of its own that dies at a failpoint: forked from this one, which has all of the code loaded."""

import os
import signal
import sys
import traceback
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, connections

from marketplace.kernel.failpoints import arm
from tests.processes import until

from .books import are_all_backends_gone

CAME_THROUGH = 7


def dies_at(point: str, act: Callable[[], object]) -> None:
    """Act in a child until it is killed at that point; what it had open at the database is rolled back when this returns.

    The child begins with a connection of its own: beside a browser's event loop Django keeps another one than here, which a
    fork, without that loop, would find again, still open on the database of an earlier test.
    """
    connections.close_all()  # no connection is shared with the child
    child = os.fork()
    if child == 0:
        try:
            connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
            arm(point, "kill")
            act()
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)  # else nobody would know what it met instead
        finally:
            os._exit(CAME_THROUGH)
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended == -signal.SIGKILL, f"{point} was not reached: the child ended with {ended}"
    until(are_all_backends_gone)
