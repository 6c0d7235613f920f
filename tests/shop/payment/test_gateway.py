"""The finance gateway dead, slow, lying or repeating itself: no payment lost, none doubled (F4). The simulator is a process."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as installed
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from django.urls import reverse
from django.utils.timezone import now

from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.payment.gateway import breaker
from marketplace.shop.payment.ledger import balances
from marketplace.shop.payment.models import PaymentNotice, PaymentOrder, SuspectNotice
from marketplace.shop.payment.services import payment_order
from marketplace.shop.payment.signing import HEADER, signature_of
from tests.processes import HOST, free_port, is_listened_to, until

SECRET = "the simulator's and ours"
PAYMENTS = 6
pytestmark = pytest.mark.chaos


class Simulator:
    """The finance system as `deploy/run.sh` starts it, with a memory that outlives it."""

    def __init__(self, callback: str, state: Path) -> None:
        self.port, self.callback, self.state = free_port(), callback, state
        self.url = f"http://{HOST}:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "marketplace.shop.payment.simulator",
            "--port",
            str(self.port),
            "--pace",
            "0",
            "--parts",
            "2",
        ]
        command += ["--callback", self.callback, "--state", str(self.state)]
        environment = os.environ | {"FINANCE_GATEWAY_SECRET": SECRET}
        self.process = subprocess.Popen(command, cwd=installed.ROOT, env=environment)
        until(lambda: is_listened_to(self.port))

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def be(self, **told) -> None:
        self.ask("mode", json.dumps(told).encode())

    def ask(self, path: str, body: bytes = b"") -> None:
        headers = {HEADER: signature_of(body or path.encode(), SECRET)}
        with urllib.request.urlopen(
            urllib.request.Request(f"{self.url}/{path}", body, headers, method="POST"), timeout=5
        ) as answer:
            answer.read()

    def payments(self) -> list[Decimal]:
        """What it has been asked to pay, each once."""
        with sqlite3.connect(self.state) as books:
            return [Decimal(json.loads(body)["amount"]) for (body,) in books.execute("SELECT body FROM payment")]


@pytest.fixture
def simulator(own_database, settings, tmp_path) -> Iterator[Simulator]:
    server = LiveServerThread(HOST, StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    simulator = Simulator(f"http://{HOST}:{server.port}{reverse('payment:notices')}", tmp_path / "simulator")
    settings.FINANCE_GATEWAY_URL, settings.FINANCE_GATEWAY_SECRET, settings.FINANCE_GATEWAY_TIMEOUT = simulator.url, SECRET, 0.5
    breaker.close()
    yield simulator
    simulator.kill()
    server.terminate()
    breaker.close()


@pytest.fixture
def payments(received, certified, finance, later) -> list[PaymentOrder]:
    invoices = [certified(received, 1, number=f"001-001-00000000{number}") for number in range(PAYMENTS)]
    return [payment_order(invoice_id=invoice.pk, actor=finance, at=later) for invoice in invoices]


def work_until_paid(seconds: float = 20) -> None:
    """The worker's turns, as if the waiting were over each time."""

    def is_all_paid() -> bool:
        breaker.close()
        Job.objects.update(run_at=now())
        run_all_due()
        return PaymentOrder.objects.filter(status="paid").count() == PAYMENTS

    until(is_all_paid, seconds=seconds)


def assert_each_is_paid_once(simulator: Simulator, order) -> None:
    assert simulator.payments() == [Decimal("2.30")] * PAYMENTS
    assert PaymentNotice.objects.count() == 3 * PAYMENTS  # scheduled, and two parts
    books = balances(order.obligation)
    assert (books["payable"], books["bank"]) == (0, Decimal("13.80"))


@pytest.mark.threat("F4")
@pytest.mark.feature("PY-4")
def test_a_dead_gateway_loses_and_doubles_nothing(simulator, received, payments):
    run_all_due()
    waiting = list(PaymentOrder.objects.values_list("status", "attempts"))
    assert waiting == [("prepared", 1)] * PAYMENTS
    assert breaker.current_state == "open"  # the last three did not even wait for it

    simulator.start()
    breaker.close()
    Job.objects.update(run_at=now())
    run_all_due()
    simulator.kill()  # it has taken all and told little
    simulator.start()
    work_until_paid()

    assert_each_is_paid_once(simulator, received)


@pytest.mark.threat("F4")
@pytest.mark.feature("PY-4")
@pytest.mark.parametrize("mode", ["slow", "lying", "repeating"])
def test_a_gateway_that_is(simulator, received, payments, mode):
    simulator.start()
    simulator.be(mode=mode, late=1)
    run_all_due()
    if mode == "slow":
        assert PaymentOrder.objects.filter(attempts=1).count() == PAYMENTS
        simulator.be(mode="normal")
    work_until_paid()

    assert_each_is_paid_once(simulator, received)
    lies = set(SuspectNotice.objects.values_list("code", flat=True))
    too_much = {"amount_not_asked_for", "notice_contradicts"}  # the latter where the truth had been asked for meanwhile
    assert lies - too_much == ({"payment_unknown"} if mode == "lying" else set())
    assert bool(lies & too_much) == (mode == "lying")


@pytest.mark.threat("F4")
def test_notices_that_never_arrived_are_asked_for(simulator, received, payments):
    simulator.callback = f"http://{HOST}:{free_port()}/"  # nobody is there
    simulator.start()

    work_until_paid()

    assert_each_is_paid_once(simulator, received)
