"""The disk is full, or may not be written to: a clear refusal, no half record, reads go on; then the same press succeeds (F5)."""

import errno
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from catalog_import.models import ImportRun
from marketplace.kernel.screens.views import no_room
from marketplace.shop.fulfilment.models import Delivery
from marketplace.shop.order.models import Order
from marketplace.shop.payment.models import PaymentNotice
from marketplace.shop.payment.signing import HEADER, signature_of
from tests.answers import SIGN_IN, errors_of
from tests.catalog_import.conftest import market, text_of  # noqa: F401
from tests.shop.fulfilment.conftest import picture as photograph

from .books import picture
from .buying import QUANTITY, paid_in_full

pytestmark = pytest.mark.threat("F5")

SAID = (
    "No se guardó nada: el servidor ya no tiene espacio para almacenarlo. Lo que se guardó antes está a salvo. Avise a quienes "
    "administran este sitio y envíelo de nuevo cuando hayan hecho espacio."
)
FULL = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER disk_is_full BEFORE INSERT ON {table} EXECUTE FUNCTION disk_is_full();
"""
Press = Callable[[], HttpResponse]


class Storage(InMemoryStorage):
    """Where files are kept, on a disk that takes none while `fails_with` is set."""

    fails_with = 0

    def _save(self, name, content):
        if Storage.fails_with:
            raise OSError(Storage.fails_with, "as a full or read-only disk says")
        return super()._save(name, content)


@pytest.fixture(params=[errno.ENOSPC, errno.EROFS], ids=["full", "read-only"])
def media(request, settings, monkeypatch) -> Callable[[], None]:
    """Files cannot be kept, until it is called."""
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.Storage"}}
    monkeypatch.setattr(Storage, "fails_with", request.param)
    return lambda: monkeypatch.setattr(Storage, "fails_with", 0)


@contextmanager
def no_room_in(table: str) -> Iterator[None]:
    """The database's disk is full as soon as a row of this table is to be written."""
    with connection.cursor() as cursor:
        cursor.execute(FULL.format(table=table))
        yield
        cursor.execute(f"DROP TRIGGER disk_is_full ON {table}; DROP FUNCTION disk_is_full()")


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user, backend=SIGN_IN)
    return client


def pressed(member, page: str, said: dict, **files: Callable[[], SimpleUploadedFile]) -> Press:
    """The same form with the same key each time. `files`: made anew, as a browser reads them anew."""
    client, said = signed_in(member), said | {"form_key": str(uuid4())}
    return lambda: client.post(page, said | {name: make() for name, make in files.items()})


@pytest.fixture
def price_list(market, membership_factory) -> Press:  # noqa: F811
    manager = membership_factory(role="supplier_manager", supplier=market.supplier)

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("lista.csv", text_of({}).encode())

    return pressed(manager, reverse("catalog_import:run-create"), {"agreement": market.agreement.code}, file=file)


@pytest.fixture
def reception(buying) -> Press:
    said = {
        "received_on": f"{localdate():%d/%m/%Y}", "acts_seen": "0", "accepted_1": str(QUANTITY - 1), "refused_1": "1",
        "reason_1": "damaged", "explanation_1": "Mojado",
    }  # fmt: skip

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("caja.jpg", photograph(), "image/jpeg")

    page = reverse("fulfilment:delivery-create", args=[buying.accepted().number])
    return pressed(buying.colleague("receiver"), page, said, photograph_1=file)


@pytest.fixture
def approval(buying) -> Press:
    sent = buying.sent()
    page = reverse("requisition:approval", args=[sent.number])
    return pressed(buying.colleague("approver"), page, {"decision": "approve", "gross_seen": str(sent.gross.amount)})


@pytest.mark.parametrize(("act", "made"), [("price_list", ImportRun), ("reception", Delivery)])
def test_no_room_for_files(request, media, act, made):
    press = request.getfixturevalue(act)
    before = picture()

    assert SAID in errors_of(press())["__all__"]
    assert picture() == before
    media()
    assert press().status_code == 302
    assert made.objects.count() == 1


@pytest.mark.parametrize("table", ["order_line", "limits_limitentry", "events_event", "jobs_job", "history_rowversion"])
def test_no_room_in_the_database(buying, approval, table):
    reader = signed_in(buying.requester)
    before = picture()

    with no_room_in(table):
        refused = approval()
        page = reader.get(reverse("requisition:requisitions"))

    assert errors_of(refused)["__all__"] == [SAID]
    assert page.status_code == 200
    assert picture() == before
    assert approval().status_code == 302
    assert Order.objects.count() == 2


def test_a_notice_of_the_gateway_is_told_again(settings, buying):
    """It is answered with 503, which the gateway takes for not heard."""
    settings.FINANCE_GATEWAY_SECRET = "ours"
    body = json.dumps(paid_in_full(buying.payable()).body).encode()
    signed = {f"HTTP_{HEADER.upper().replace('-', '_')}": signature_of(body, "ours")}

    def told() -> int:
        client = Client(raise_request_exception=False)
        return client.post(reverse("payment:notices"), body, "application/json", **signed).status_code

    with no_room_in("payment_ledgerentry"):
        assert told() == 503
        assert PaymentNotice.objects.count() == 0
    assert told() == 200
    assert PaymentNotice.objects.count() == 1


def test_the_sentence_is_the_one_that_people_read():
    assert str(no_room.text) == SAID
