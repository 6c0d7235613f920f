"""From an order on its way to its liquidation, as people do it: a refused piece, an invoice of too much, a payment, the end."""

from decimal import Decimal

import pytest
from django.utils.timezone import now
from PIL import Image

from marketplace.kernel.acting import acting
from marketplace.shop.fulfilment.models import Delivery
from marketplace.shop.order.models import Order
from marketplace.shop.payment.gateway import Letter, Notice
from marketplace.shop.payment.models import PaymentOrder
from marketplace.shop.payment.services import notice_receive
from tests.browser import PHONE

from .conftest import Person

pytestmark = pytest.mark.browser

NUMBER = "001-001-000004321"


@pytest.fixture
def order(demo_site) -> Order:
    """The demonstration's order that is in delivery: one line, of two units."""
    return Order.objects.get(status=Order.Status.IN_DELIVERY)


@pytest.fixture
def photograph(tmp_path):
    path = tmp_path / "caja.jpg"
    Image.new("RGB", (640, 480), "brown").save(path)
    return path


def receives_one_and_refuses_one(receiver: Person, order: Order, photograph) -> None:
    """On a phone, from what waits for them today."""
    receiver.goes_to("/compras/por-recibir/")
    receiver.opens(order.number)
    receiver.page.locator("[data-step='1']").first.click()
    receiver.page.get_by_text(receiver.in_words("Algo está mal: rechazar una parte")).click()
    receiver.page.fill("input[name=refused_1]", "1")
    receiver.page.locator("select[name=reason_1]").select_option(index=1)
    receiver.page.fill("input[name=explanation_1]", "Llegó mojado")
    receiver.page.set_input_files("input[name=photograph_1]", photograph)
    receiver.presses("Registrar la entrega")
    assert receiver.is_told(f"{Delivery.objects.get(order=order)} queda registrada: falta 1 unidad de {order}.")
    assert "Llegó mojado" in receiver.reads()


def invoices(seller: Person, order: Order) -> None:
    """Two of one are refused with the difference; what was accepted goes out."""
    seller.goes_to(f"/proveedor/ordenes/{order.number}/facturas/crear/")
    seller.page.fill("input[name=number]", NUMBER)
    seller.page.fill("input[name=quantity_1]", "2")
    seller.presses("Enviar la factura")
    assert seller.is_told(f"{order.lines.get().title}: 2 de 1, 1 de más. Facture 1 como máximo.")
    seller.photographs("invoice-of-too-much")
    seller.page.fill("input[name=quantity_1]", "1")
    seller.presses("Enviar la factura")
    assert NUMBER in seller.reads()


def certifies_and_orders_the_payment(finance: Person) -> PaymentOrder:
    finance.goes_to("/compras/facturas/")
    finance.opens(NUMBER)
    finance.presses("Certificar para el pago")
    finance.presses("Ordenar el pago")
    return PaymentOrder.objects.get(invoice__number=NUMBER)


def the_gateway_pays(payment: PaymentOrder) -> None:
    """As its signed notice says."""
    body = {"key": str(payment.id_public), "sequence": 1, "kind": "paid", "amount": str(payment.amount.amount)}
    with acting(reason="gateway"):
        notice_receive(letter=Letter(payment.id_public, Notice(1, "paid", payment.amount.amount), body), at=now())


@pytest.mark.feature("PY-1")
@pytest.mark.feature("PY-3")
@pytest.mark.feature("PY-4")
@pytest.mark.feature("PY-6")
def test_from_the_truck_to_the_last_cent(person, order, photograph, work, language):
    certificate = order.requisition.certificate.amount
    taken = certificate.taken
    receives_one_and_refuses_one(person("receptor", viewport=PHONE), order, photograph)
    invoices(person("proveedor2"), order)
    finance = person("financiero")
    payment = certifies_and_orders_the_payment(finance)
    the_gateway_pays(payment)
    work()
    finance.page.reload()
    assert finance.is_told("Pagado")
    finance.photographs("paid")

    administrator = person("administrador.orden")
    administrator.goes_to(f"/compras/ordenes/{order.number}/")
    administrator.page.fill("textarea[name=reason]", "El proveedor ya no tiene existencias")
    administrator.presses("Cerrar la orden")
    administrator.photographs("closed-short")
    finance.goes_to(f"/compras/ordenes/{order.number}/liquidacion/")
    finance.presses("Liquidar la orden")
    assert finance.is_told("Lo ordenado, recibido, facturado y pagado cuadra al centavo.")
    finance.photographs("liquidated")

    order.refresh_from_db()
    certificate.refresh_from_db()
    assert order.status == Order.Status.LIQUIDATED
    assert payment.amount.amount == Decimal("6.10")
    assert certificate.taken == taken - order.total_incl_tax + payment.amount.amount
    [act] = Delivery.objects.filter(order=order)
    assert [(line.accepted, line.refused) for line in act.lines.all()] == [(1, 1)]
    for who, page in (("proveedor", "proveedor/ordenes"), ("proveedor", "proveedor/actas")):
        stranger = person(who)
        assert stranger.asks_for(f"/{page}/{act.number if 'actas' in page else order.number}/") == 404
