"""A hospital buys for Zamora, from what it lacks to the last cent: three suppliers, a part that comes later, a piece refused."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from marketplace.demo.accounts import PASSWORD
from marketplace.shop.fulfilment.models import Delivery
from marketplace.shop.order.models import Order
from marketplace.shop.payment.models import PaymentOrder
from marketplace.shop.requisition.models import Requisition
from tests.browser import PHONE
from tests.factories.factories import MembershipFactory

from .conftest import Person
from .test_order_to_liquidation import photograph, the_gateway_pays  # noqa: F401  a fixture among them

pytestmark = pytest.mark.browser

ZAMORA = "Zamora (Zamora"
NEED = {"Qué se necesita": "Medicinas y suministros de noviembre", "Por qué": "Reposición del mes según consumo."}
LACKED = {"salbutamol": "salbutamol", "resmas": "resma", "limpiesa": "limpieza"}  # what is written → what is found
NUMBER = "001-001-000000777"
CENT = Decimal("0.01")


@pytest.fixture
def seller(person):
    """Who manages the supplier of an order, at a browser."""

    def sign_in(order: Order) -> Person:
        manager = MembershipFactory(role="supplier_manager", supplier=order.supplier)
        manager.user.set_password(PASSWORD)
        manager.user.save()
        return person(manager.user.email)

    return sign_in


def delivers_in_zamora(buyer: Person) -> None:
    buyer.goes_to("/catalogo/")
    buyer.page.locator(".site-header__delivery a").click()
    buyer.chooses("canton", ZAMORA)
    buyer.presses("Entregar aquí")


def fills_the_cart(buyer: Person) -> None:
    """Each thing from another supplier."""
    suppliers: set[str] = set()
    for words, said in LACKED.items():
        titles = buyer.searches(words)
        assert said in buyer.reads().lower()
        suppliers.add(next(name for title in titles[:12] if (name := adds(buyer, words, title, suppliers))))
    assert len(suppliers) == len(LACKED)


def adds(buyer: Person, words: str, title: str, taken: set[str]) -> str:
    """Ten, or what is sold at least, from the first supplier who is not taken yet; empty when there is none."""
    buyer.searches(words)
    buyer.page.get_by_role("link", name=title, exact=True).first.click()
    for row in buyer.page.locator("tbody tr").all():
        supplier = row.locator("th .strong").inner_text()
        if supplier not in taken:
            quantity = row.locator("input[name=quantity]")
            quantity.fill(str(max(10, int(quantity.get_attribute("data-min")))))
            row.get_by_role("button", name=buyer.in_words("Agregar")).click()
            return supplier
    return ""


def sends_to_approval(buyer: Person) -> Requisition:
    buyer.goes_to("/compras/carrito/")
    assert buyer.is_told("Esta compra generará 3 órdenes")
    buyer.photographs("hospital-cart")
    buyer.follows("Continuar a la requisición")
    for label, text in NEED.items():
        buyer.writes(label, text)
    buyer.chooses("delivery_canton", ZAMORA)
    buyer.chooses("certificate", "84.01.07")
    buyer.presses("Enviar a aprobación")
    return Requisition.objects.get(need=NEED["Qué se necesita"])


def approves(approver: Person, requisition: Requisition) -> list[Order]:
    """On a phone."""
    approver.goes_to("/compras/aprobaciones/")
    approver.opens(requisition.number)
    approver.presses("Aprobar")
    return list(requisition.orders.select_related("supplier").order_by("pk"))


def accepts_and_sends(seller: Person, order: Order) -> None:
    seller.goes_to(f"/proveedor/ordenes/{order.number}/")
    seller.presses("Aceptar la orden")
    seller.goes_to(f"/proveedor/ordenes/{order.number}/despachar/")
    seller.page.fill("input[name=guide_number]", "004-1187")
    seller.page.click("main form button[type=submit]")


def receives(receiver: Person, order: Order, accepted: int, refused: int = 0, photograph=None) -> None:  # noqa: F811
    receiver.goes_to("/compras/por-recibir/")
    receiver.opens(order.number)
    receiver.page.fill("input[name=accepted_1]", str(accepted))
    if refused:
        receiver.page.get_by_text(receiver.in_words("Algo está mal: rechazar una parte")).click()
        receiver.page.fill("input[name=refused_1]", str(refused))
        receiver.page.locator("select[name=reason_1]").select_option(index=1)
        receiver.page.fill("input[name=explanation_1]", "Llegó mojado")
        receiver.page.set_input_files("input[name=photograph_1]", photograph)
    receiver.presses("Registrar la entrega")
    receiver.page.wait_for_url("**/compras/actas/**")


def bills(seller: Person, order: Order, quantity: int) -> None:
    """One too many is refused with the difference."""
    for asked in (quantity + 1, quantity):
        seller.goes_to(f"/proveedor/ordenes/{order.number}/facturas/crear/")
        seller.page.fill("input[name=number]", NUMBER)
        seller.page.fill("input[name=quantity_1]", str(asked))
        seller.presses("Enviar la factura")
        if asked > quantity:
            told = f"{order.lines.get().title}: {asked} de {quantity}, 1 de más. Facture {quantity} como máximo."
            assert seller.is_told(told)
    assert NUMBER in seller.reads()


def pays_and_closes(finance: Person, administrator: Person, order: Order, work) -> PaymentOrder:
    finance.goes_to("/compras/facturas/")
    finance.opens(NUMBER)
    finance.presses("Certificar para el pago")
    finance.presses("Ordenar el pago")
    payment = PaymentOrder.objects.get(invoice__number=NUMBER)
    the_gateway_pays(payment)
    work()
    administrator.goes_to(f"/compras/ordenes/{order.number}/")
    administrator.page.fill("textarea[name=reason]", "La pieza rechazada ya no hace falta")
    administrator.presses("Cerrar la orden")
    finance.goes_to(f"/compras/ordenes/{order.number}/liquidacion/")
    finance.presses("Liquidar la orden")
    assert finance.is_told("Lo ordenado, recibido, facturado y pagado cuadra al centavo.")
    return payment


@pytest.mark.feature("SF-10")
@pytest.mark.feature("OR-4")
@pytest.mark.feature("PY-1")
@pytest.mark.feature("PY-3")
@pytest.mark.feature("PY-6")
def test_from_what_is_lacking_to_the_last_cent(person, seller, photograph, work, language):  # noqa: F811
    buyer = person("solicitante2")
    delivers_in_zamora(buyer)
    fills_the_cart(buyer)
    requisition = sends_to_approval(buyer)
    orders = approves(person("aprobador", viewport=PHONE), requisition)
    assert len({order.supplier_id for order in orders}) == len(orders) == 3
    assert sum(order.total_incl_tax for order in orders) == requisition.gross.amount

    order = orders[0]
    ordered = order.lines.get().quantity
    shop = seller(order)
    accepts_and_sends(shop, order)
    receiver = person("receptor", viewport=PHONE)
    receives(receiver, order, accepted=ordered - 4)
    receives(receiver, order, accepted=3, refused=1, photograph=photograph)
    bills(shop, order, ordered - 1)
    payment = pays_and_closes(person("financiero"), person("administrador.orden"), order, work)

    order.refresh_from_db()
    assert order.status == Order.Status.LIQUIDATED
    lines = [line for act in Delivery.objects.filter(order=order) for line in act.lines.all()]
    assert sorted((line.accepted, line.refused) for line in lines) == sorted([(ordered - 4, 0), (3, 1)])
    line = order.lines.get()
    net = (line.unit_price_excl_tax * (ordered - 1)).quantize(CENT, ROUND_HALF_UP)
    assert payment.amount.amount == net + (net * line.vat_percent / 100).quantize(CENT, ROUND_HALF_UP)
