"""Failpoints: nothing happens unless the environment says so, and then what it says."""

import os
import signal
import subprocess
import sys

import pytest

from marketplace.kernel import failpoints
from marketplace.kernel.failpoints import FailpointReached, arm, disarm, failpoint


@pytest.fixture(autouse=True)
def disarmed():
    yield
    disarm()


def test_nothing_is_armed():
    assert failpoints._armed == {}
    failpoint("order.after_stock")


def test_fails_at_its_place_and_nowhere_else():
    arm("order.after_stock", "raise")
    failpoint("order.written")

    with pytest.raises(FailpointReached, match=r"^order\.after_stock$"):
        failpoint("order.after_stock")


def test_stands_still_for_so_long(monkeypatch):
    slept = []
    monkeypatch.setattr(failpoints.time, "sleep", slept.append)
    arm("order.after_stock", "sleep:3")

    failpoint("order.after_stock")

    assert slept == [3]


@pytest.mark.parametrize("act", ["", "explode", "sleep", "sleep:", "sleep:soon", "kill:1"])
def test_an_act_that_is_none_is_refused(act):
    with pytest.raises(ValueError, match="is none of kill, raise, sleep:SECONDS"):
        arm("order.after_stock", act)


@pytest.mark.parametrize(
    ("told", "code"), [("", 0), ("a=kill", -signal.SIGKILL), ("b=kill", 0), ("b=raise a=kill", -signal.SIGKILL), ("a=die", 1)]
)
def test_the_environment_says_it(told, code):
    program = "from marketplace.kernel.failpoints import failpoint; failpoint('a')"
    environment = os.environ | {"SOCE_FAILPOINTS": told}

    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=False)

    assert done.returncode == code
