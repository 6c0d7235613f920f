"""kill -9 at every named point of approval, reception, invoice and payment: each act is wholly there or wholly absent (O4).

The process that dies is a child; the same act, sent again as the browser or the gateway sends it again, comes about once.
"""

import ast
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from uuid import uuid4
from wsgiref.simple_server import make_server

import pytest
from django.conf import settings as installed
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.payment.signing import HEADER, signature_of
from marketplace.shop.payment.simulator import Quiet, Server, Simulator, Told
from tests.answers import SIGN_IN, errors_of
from tests.processes import HOST

from .books import Picture, disagreements, growth, leases_run_out, picture
from .buying import NUMBER, QUANTITY, Buying, paid_in_full
from .dying import dies_at

pytestmark = [pytest.mark.chaos, pytest.mark.threat("O4")]

SECRET = "the gateway's and ours"
EVERYWHERE = ("event.written", "form.committed")
POINTS = {
    "approval": (
        "approval.judged", "approval.step_approved", "order.written", "order.lines_written", "order.alarm_set",
        "approval.orders_placed", "limits.taken", "order.after_stock", "approval.decided", "approval.told", *EVERYWHERE,
    ),
    "reception": (
        "reception.act_written", "reception.lines_written", "reception.quantities_written", "reception.told", *EVERYWHERE,
    ),
    "invoice": ("invoice.obligation_written", "invoice.head_written", "invoice.written", "invoice.told", *EVERYWHERE),
    "certification": ("certification.moved", "ledger.act_written", "certification.posted", *EVERYWHERE),
    "payment": ("payment.written", "payment.penalty_posted", "payment.told", *EVERYWHERE),
    "notice": ("notice.written", "ledger.act_written", "notice.posted", "notice.taken_in", "callback.taken_in"),
    "liquidation": (
        "liquidation.settled", "liquidation.released", "liquidation.act_written", "liquidation.told", *EVERYWHERE,
    ),
}  # fmt: skip
WORK = ("job.claimed", "job.done", "job.committed", "gateway.before_call", "gateway.answered", "payment.sent")
AFTER_COMMIT = {"form.committed", "callback.taken_in"}
CASES = [(act, point) for act, points in POINTS.items() for point in points]

Press = Callable[[], None]


# ---------------------------------------------------------------- what people and the gateway send
def form(member, screen: str, key: object, **said) -> Press:
    """The same form with the same key, as often as it is pressed."""
    client = Client()
    client.force_login(member.user, backend=SIGN_IN)
    said |= {"form_key": str(uuid4())}

    def press() -> None:
        answer = client.post(reverse(screen, args=[key]), said)
        assert answer.status_code == 302, errors_of(answer)
        assert not any(message.level_tag == "error" for message in get_messages(answer.wsgi_request))

    return press


def approval(buying: Buying) -> Press:
    sent = buying.sent()
    said = {"decision": "approve", "gross_seen": str(sent.gross.amount)}
    return form(buying.colleague("approver"), "requisition:approval", sent.number, **said)


def reception(buying: Buying) -> Press:
    said = {"received_on": f"{localdate():%d/%m/%Y}", "acts_seen": "0", "accepted_1": str(QUANTITY), "accepted_2": str(QUANTITY)}
    return form(buying.colleague("receiver"), "fulfilment:delivery-create", buying.accepted().number, **said)


def invoice(buying: Buying) -> Press:
    order = buying.received()
    said = {"number": NUMBER, "issued_on": f"{localdate():%d/%m/%Y}", "gross": f"{order.total_incl_tax:.2f}".replace(".", ",")}
    quantities = {f"quantity_{n}": str(QUANTITY) for n in (1, 2)}
    return form(buying.seller(order), "invoicing:invoice-create", order.number, **said, **quantities)


def certification(buying: Buying) -> Press:
    return form(buying.colleague("finance_officer"), "invoicing:invoice-certify", buying.invoiced().id_public)


def payment(buying: Buying) -> Press:
    return form(buying.colleague("finance_officer"), "payment:payment-order", buying.certified().id_public)


def notice(buying: Buying) -> Press:
    body = json.dumps(paid_in_full(buying.payable()).body).encode()
    signed = {f"HTTP_{HEADER.upper().replace('-', '_')}": signature_of(body, SECRET)}

    def press() -> None:
        assert Client().post(reverse("payment:notices"), body, "application/json", **signed).status_code == 200

    return press


def liquidation(buying: Buying) -> Press:
    return form(buying.colleague("finance_officer"), "payment:order-liquidate", buying.paid().number)


ACTS = {made.__name__: made for made in (approval, reception, invoice, certification, payment, notice, liquidation)}


@pytest.fixture(scope="module")
def finance_system(tmp_path_factory) -> Iterator[tuple[Simulator, str]]:
    """It listens, and tells nothing by itself."""
    simulator = Simulator(callback="", secret=SECRET, state=str(tmp_path_factory.mktemp("finance") / "books"), told=Told())
    server = make_server(HOST, 0, simulator, server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield simulator, f"http://{HOST}:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def gateway(finance_system, settings) -> Simulator:
    simulator, settings.FINANCE_GATEWAY_URL = finance_system
    settings.FINANCE_GATEWAY_SECRET = SECRET
    return simulator


@pytest.fixture(autouse=True)
def what_others_left_waits(own_database) -> None:
    """Alarms and questions of purchases before fall due tomorrow."""
    Job.objects.update(run_at=now() + timedelta(days=1))


@pytest.fixture
def ready(buying) -> Callable[[str], tuple[Press, Picture]]:
    """An act that waits for its press, with nothing else left to do; and what the database holds."""

    def ready(act: str) -> tuple[Press, Picture]:
        press = ACTS[act](Buying(at=buying.at))
        run_all_due()
        return press, picture()

    return ready


@pytest.fixture(scope="module")
def seen() -> dict[str, tuple[Counter, Counter]]:
    return {}


@pytest.fixture
def whole(seen, ready) -> Callable[[str], tuple[Counter, Counter]]:
    """How many rows an act adds when nothing disturbs it: at once, and after its jobs."""

    def whole(act: str) -> tuple[Counter, Counter]:
        if act not in seen:
            press, before = ready(act)
            press()
            at_once = growth(before, picture())
            run_all_due()
            seen[act] = at_once, growth(before, picture())
        return seen[act]

    return whole


def assert_comes_about_once(press: Press, before: Picture, undisturbed: tuple[Counter, Counter]) -> None:
    at_once, in_the_end = undisturbed
    press()
    assert growth(before, picture()) == at_once
    run_all_due()
    assert growth(before, picture()) == in_the_end
    assert disagreements() == []


@pytest.mark.parametrize("act", ACTS)
def test_killed_within_its_transaction_an_act_is_wholly_absent(ready, whole, act):
    """At each point in turn, until nobody kills it any more. No row of any table is another one."""
    undisturbed = whole(act)
    press, before = ready(act)
    for point in POINTS[act]:
        if point not in AFTER_COMMIT:
            dies_at(point, press)
            assert picture() == before, point

    assert_comes_about_once(press, before, undisturbed)


@pytest.mark.parametrize(("act", "point"), [case for case in CASES if case[1] in AFTER_COMMIT])
def test_killed_before_its_answer_an_act_is_wholly_there(ready, whole, act, point):
    """Sent again, it hears the answer that it missed."""
    undisturbed = whole(act)
    press, before = ready(act)

    dies_at(point, press)

    assert growth(before, picture()) == undisturbed[0]
    assert_comes_about_once(press, before, undisturbed)


@pytest.mark.long
@pytest.mark.parametrize(("act", "point"), CASES)
def test_each_point_by_itself(ready, whole, act, point):
    undisturbed = whole(act)
    press, before = ready(act)

    dies_at(point, press)

    assert growth(before, picture()) == (undisturbed[0] if point in AFTER_COMMIT else Counter())
    assert_comes_about_once(press, before, undisturbed)


# ---------------------------------------------------------------- the worker
def sent(buying: Buying, work: Callable[[], object]) -> Counter:
    """What comes of a payment that was ordered, by the work of a worker: rows won, and rows of the job table lost."""
    payment = buying.payable()
    before = picture()
    work()
    payment.refresh_from_db()
    assert (payment.status, payment.attempts) == ("sent", 0)
    return growth(before, picture())


@pytest.mark.threat("F2")
@pytest.mark.parametrize("point", WORK)
def test_a_worker_that_is_killed_loses_and_doubles_nothing(buying, seen, gateway, point):
    if "work" not in seen:
        seen["work"] = sent(Buying(at=buying.at), run_all_due)
    asked_before = len(asked_for(gateway))

    def work() -> None:
        dies_at(point, run_all_due)
        leases_run_out()
        run_all_due()

    assert sent(buying, work) == seen["work"]
    assert len(asked_for(gateway)) == asked_before + 1
    assert disagreements() == []


def asked_for(gateway: Simulator) -> list[str]:
    """The payments that the finance system will make, each once."""
    with closing(sqlite3.connect(gateway.state)) as books:
        return [key for (key,) in books.execute("SELECT key FROM payment")]


# ---------------------------------------------------------------- the points themselves
def points_in_the_code() -> Counter:
    found = Counter()
    for top in ("marketplace", "catalog_import", "framework_agreements", "search", "cms"):
        for path in (installed.ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "failpoint":
                    found[ast.literal_eval(node.args[0])] += 1
    return found


def test_every_point_in_the_code_is_one_place_and_is_died_at():
    found = points_in_the_code()

    assert set(found) == {point for _, point in CASES} | set(WORK)
    assert set(found.values()) == {1}
    assert len(found) >= 20
