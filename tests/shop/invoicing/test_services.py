from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.kernel.errors import RuleBroken
from marketplace.shop.fulfilment.models import Delivery
from marketplace.shop.invoicing.models import Invoice, InvoiceLine
from marketplace.shop.invoicing.selectors import invoiced_quantities
from marketplace.shop.invoicing.services import invoice_annul, invoice_certify, invoice_register, invoice_reject
from marketplace.shop.payment.ledger import balances
from marketplace.shop.payment.models import LedgerEntry
from tests.races import together

from .conftest import paper_for, receive, seller_of


def refused(call) -> list[str]:
    with pytest.raises(RuleBroken) as refusal:
        call()
    return refusal.value.codes


@pytest.mark.feature("PY-3")
def test_an_invoice_takes_prices_and_rates_of_its_order(received, invoiced):
    invoice = invoiced(received, 4)

    assert (invoice.net.amount, invoice.vat.amount, invoice.gross.amount) == (Decimal("8.00"), Decimal("1.20"), Decimal("9.20"))
    assert list(invoice.lines.values_list("quantity", "unit_price", "net", "vat_category", "vat_percent")) == [
        (4, Decimal("2.000000"), Decimal("8.00"), "S", Decimal("15.00"))
    ]
    assert invoiced_quantities(received) == {received.lines.get().pk: 4}


@pytest.mark.feature("PY-3")
def test_more_than_was_accepted_is_refused_with_the_difference(received, later):
    with pytest.raises(RuleBroken) as refusal:
        invoice_register(order_id=received.pk, paper=paper_for(received, 11, at=later), actor=seller_of(received), at=later)

    assert "11 de 10, 1 de más" in str(refusal.value)
    assert Invoice.objects.count() == 0


@pytest.mark.feature("PY-3")
def test_what_comes_to_less_than_a_cent_waits_for_more(placed, receiver, invoiced, later):
    order = placed(("0.004", 3))
    receive(order, 3, receiver=receiver, at=later)

    assert refused(lambda: invoiced(order, 1)) == ["invoice_of_nothing"]
    assert Invoice.objects.count() == 0
    assert invoiced(order, 3).net.amount == Decimal("0.01")


@pytest.mark.feature("PY-3")
def test_what_others_have_invoiced_is_not_invoiced_again(received, invoiced):
    invoiced(received, 7)

    assert refused(lambda: invoiced(received, 4, number="001-001-000000124")) == ["over_invoiced_with_others"]
    assert Invoice.objects.count() == 1


def test_a_rejected_invoice_frees_its_units_and_its_number(received, invoiced, finance, later):
    invoice = invoiced(received, 10)
    assert refused(lambda: invoice_reject(invoice_id=invoice.pk, reason=" ", actor=finance, at=later)) == ["reason_missing"]

    invoice_reject(invoice_id=invoice.pk, reason="El total no es el de la factura.", actor=finance, at=later)

    assert invoiced(received, 10).number == invoice.number


@pytest.mark.feature("PY-3")
def test_certifying_owes_it_and_whoever_received_cannot(received, invoiced, receiver, finance, membership_factory, later):
    invoice = invoiced(received, 10)
    same_person = membership_factory(user=receiver.user, role="finance_officer", entity=receiver.entity)
    assert refused(lambda: invoice_certify(invoice_id=invoice.pk, actor=same_person, at=later)) == ["certifier_received"]
    assert LedgerEntry.objects.count() == 0

    invoice_certify(invoice_id=invoice.pk, actor=finance, at=later)

    books = balances(invoice.obligation)
    assert (books["expense"], books["payable"]) == (Decimal("23.00"), Decimal("23.00"))
    assert refused(lambda: invoice_certify(invoice_id=invoice.pk, actor=finance, at=later)) == ["invoice_already_decided"]


def test_the_database_holds_that_whoever_received_does_not_certify(received, invoiced, receiver):
    invoice = invoiced(received, 10)

    with pytest.raises(IntegrityError, match="does not certify"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(status="certified", certifier=receiver.user_id)


@pytest.mark.parametrize("change", ["net = 19, gross = 22", "number = '001-001-000000999'", "issued_on = '2026-11-24'"])
def test_the_database_holds_that_an_invoice_is_never_edited(received, invoiced, change):
    invoice = invoiced(received, 10)

    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE invoicing_invoice SET {change} WHERE id = {invoice.pk}")


def test_the_database_holds_that_nothing_is_invoiced_beyond_what_was_accepted(received, invoiced):
    invoice, line = invoiced(received, 10), received.lines.get()

    with pytest.raises(IntegrityError, match="10 invoiced of 9 accepted"), transaction.atomic():
        received.lines.update(accepted_quantity=9)
    second = Invoice.objects.create(
        obligation=invoice.obligation, supplier=invoice.supplier, number="001-001-000000777", issued_on=invoice.issued_on,
        net=1, vat=0, gross=1, registered_by=invoice.registered_by, registered_at=invoice.registered_at,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="11 invoiced of 10 accepted"), transaction.atomic():
        InvoiceLine.objects.create(
            invoice=second, order_line=line, quantity=1, unit_price=1, net=1, vat_category="S", vat_percent=15
        )


def test_annulled_while_nobody_pays_it_is_no_longer_owed(received, certified, later):
    invoice = certified(received, 10)

    invoice_annul(invoice_id=invoice.pk, reason="Emitida dos veces.", actor=seller_of(received), at=later)

    assert balances(invoice.obligation)["payable"] == 0
    assert invoiced_quantities(received) == {received.lines.get().pk: 0}


@pytest.mark.threat("O3")
def test_two_who_certify_at_once_certify_once(own_database, received, invoiced, finance, entity_people, later):
    invoice, other = invoiced(received, 10), entity_people("finance_officer")

    codes = together(*(lambda who=who: invoice_certify(invoice_id=invoice.pk, actor=who, at=later) for who in (finance, other)))

    assert codes == ["invoice_already_decided"]
    assert balances(invoice.obligation)["payable"] == Decimal("23.00")


@pytest.mark.threat("O3")
def test_two_invoices_at_once_never_pass_what_was_accepted(own_database, received, later):
    papers = [paper_for(received, 6, number=f"001-001-00000012{n}", at=later) for n in range(2)]
    seller = seller_of(received)

    codes = together(
        *(lambda paper=paper: invoice_register(order_id=received.pk, paper=paper, actor=seller, at=later) for paper in papers)
    )

    assert codes == ["over_invoiced_with_others"]
    assert list(invoiced_quantities(received).values()) == [6]


@pytest.mark.feature("PY-3")
def test_a_second_delivery_is_invoiced_by_a_second_invoice(placed, receiver, invoiced, later):
    order = placed(("2.00", 10), ("0.335", 3))
    receive(order, 4, 0, receiver=receiver, at=later)
    invoiced(order, 4, 0)
    receive(order, 6, 3, receiver=receiver, at=later)

    assert invoiced(order, 6, 3, number="001-001-000000124").net.amount == Decimal("13.01")
    assert Delivery.objects.count() == 2
