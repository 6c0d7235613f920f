"""Named places at which a test ends, breaks or holds up the program, to see what is left behind.

    SOCE_FAILPOINTS="order.after_stock=kill gateway.answered=sleep:2" python manage.py jobs_work

`kill`: the process dies there as by a power cut. `raise`: it fails there. `sleep:N`: it stands still there for N seconds. The name
stands where the place is, `failpoint("order.after_stock")`, and nowhere else in the code; `tests/chaos` goes through all of them.
While none is armed, a place costs a call and a look at an empty dictionary.
"""

import os
import signal
import time

VARIABLE = "SOCE_FAILPOINTS"

_armed: dict[str, str] = {}


class FailpointReached(Exception):
    """The program was told to fail here."""


def failpoint(name: str) -> None:
    if _armed and name in _armed:
        _act(name, _armed[name])


def arm(name: str, act: str) -> None:
    """From now on, this happens to this process at that place. Raises ValueError for an act that is none."""
    word, _, seconds = act.partition(":")
    if word not in {"kill", "raise", "sleep"} or (word == "sleep") != seconds.isdigit():
        raise ValueError(f"{VARIABLE}: {name}={act} is none of kill, raise, sleep:SECONDS")
    _armed[name] = act


def disarm() -> None:
    _armed.clear()


def _act(name: str, act: str) -> None:
    if act == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if act == "raise":
        raise FailpointReached(name)
    time.sleep(int(act.partition(":")[2]))


for _told in os.environ.get(VARIABLE, "").split():
    arm(*_told.split("=", 1))
