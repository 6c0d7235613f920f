"""Invoices on screen: the form that begins filled, its refusals, presses that come five times, and strangers."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from marketplace.kernel.events.models import Event
from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.payment.models import PaymentOrder
from tests.answers import SIGN_IN, errors_of

from .conftest import seller_of


def signed_in(membership) -> Client:
    client = Client()
    client.force_login(membership.user, backend=SIGN_IN)
    return client


def filled(order, **other) -> dict:
    said = {"number": "001-001-000000123", "issued_on": "25/11/2026", "quantity_1": "10", "gross": "23,00"}
    return said | {"form_key": str(uuid4())} | other


@pytest.fixture
def page(received) -> str:
    return reverse("invoicing:invoice-create", args=[received.number])


@pytest.mark.feature("PY-3")
def test_the_form_begins_with_what_is_open(received, page):
    form = signed_in(seller_of(received)).get(page).context["form"]

    assert (form["quantity_1"].value(), str(form["gross"].value())) == (10, "23,00")


@pytest.mark.feature("PY-3")
def test_one_more_than_accepted_is_told_in_words(received, page):
    answer = signed_in(seller_of(received)).post(page, filled(received, quantity_1="11", gross="25,30"))

    [sentence] = errors_of(answer)["__all__"]
    assert sentence.endswith("11 de 10, 1 de más. Facture 10 como máximo.")
    assert Invoice.objects.count() == 0


@pytest.mark.feature("PY-3")
def test_a_total_that_is_not_the_papers_stands_at_its_field(received, page):
    answer = signed_in(seller_of(received)).post(page, filled(received, gross="23,01"))

    assert errors_of(answer) == {"gross": ["Estas cantidades suman USD 23,00 con IVA, no USD 23,01: USD 0,01 de diferencia."]}


@pytest.mark.threat("O7")
def test_another_supplier_and_another_entity_see_nothing(received, invoiced, membership_factory):
    invoice = invoiced(received, 10)
    strangers = {
        membership_factory(role="supplier_manager"): ("invoicing:supplier-invoices", "invoicing:supplier-invoice"),
        membership_factory(role="finance_officer"): ("invoicing:invoices", "invoicing:invoice"),
    }

    for stranger, (many, one) in strangers.items():
        client = signed_in(stranger)
        assert list(client.get(reverse(many)).context["object_list"]) == []
        assert client.get(reverse(one, args=[invoice.id_public])).status_code == 404
        assert invoice.number not in b"".join(client.get(reverse(many), {"formato": "csv"})).decode()


@pytest.mark.threat("O3")
def test_each_press_five_times_at_once_acts_once(own_database, received, page, finance):
    seller = seller_of(received)
    invoiced = five_times(seller, page, filled(received))
    invoice = Invoice.objects.get()
    certified = five_times(finance, reverse("invoicing:invoice-certify", args=[invoice.id_public]), {"form_key": str(uuid4())})
    paid = five_times(finance, reverse("payment:payment-order", args=[invoice.id_public]), {"form_key": str(uuid4())})

    assert invoiced == {(302, reverse("invoicing:supplier-invoice", args=[invoice.id_public]))}
    assert certified == {(302, reverse("invoicing:invoice", args=[invoice.id_public]))}
    assert paid == {(302, PaymentOrder.objects.get().get_absolute_url())}
    kinds = ("invoice.registered", "invoice.certified", "payment.ordered")
    assert [Event.objects.filter(kind=kind).count() for kind in kinds] == [1, 1, 1]


def five_times(who, url: str, data: dict) -> set[tuple[int, str]]:
    clients = [signed_in(who) for _ in range(5)]

    def press(client: Client) -> tuple[int, str]:
        answer = client.post(url, data)
        connection.close()
        return answer.status_code, answer.headers.get("Location", "")

    with ThreadPoolExecutor(5) as presses:
        return set(presses.map(press, clients))
