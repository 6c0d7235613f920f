"""A supplier's first morning, as its new manager lives it: from the invitation to the payment."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.core import mail
from django.utils.timezone import localdate, now

from catalog_import.models import ImportRun
from marketplace.demo.accounts import DOMAIN, PASSWORD
from marketplace.kernel.acting import acting
from marketplace.registry.models import Membership
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.services import delivery_record
from marketplace.shop.order.models import Order
from marketplace.shop.partner.models import StockRecord
from tests.browser import Net

from .conftest import Person
from .test_order_to_liquidation import NUMBER, certifies_and_orders_the_payment, the_gateway_pays
from .test_price_list_to_orders import accepts_all, imports

pytestmark = pytest.mark.browser

MAILBOX = "nueva.gerente@ejemplo.ec"
PERFORATOR = {
    "sku": "PF-1", "name": "Perforadora de dos huecos", "brand": "Andina", "price": "3,45", "stock": "1.000", "lead_time_days": "3",
}  # fmt: skip


@pytest.fixture
def order(demo_site) -> Order:
    """The newest of the demonstration's orders that wait for their supplier's answer."""
    return Order.objects.filter(status=Order.Status.ISSUED).latest("pk")


@pytest.fixture
def newcomer(demo_site, new_page, language):
    page = new_page()
    someone = Person(page, Net(page), language)
    yield someone
    assert someone.net.problems == []


def invites(officer: Person, ruc: str, work) -> str:
    """Where the letter leads."""
    officer.goes_to(f"/panel/proveedores/{ruc}/invitar/")
    officer.page.fill("input[name=email]", MAILBOX)
    officer.presses("Enviar la invitación")
    work()
    [letter] = [letter for letter in mail.outbox if letter.to == [MAILBOX]]
    return re.search(r"/cuenta/invitacion/\S+", letter.body)[0]


def enters(someone: Person, path: str, ruc: str) -> None:
    someone.goes_to(path)
    for name, text in {"ruc": ruc, "first_name": "Narcisa", "last_name": "Toapanta Cruz", "password": PASSWORD}.items():
        someone.page.fill(f"input[name={name}]", text)
    someone.presses("Aceptar la invitación")
    assert Membership.objects.get(user__email=MAILBOX).supplier.ruc == ruc


def offers_one_product(someone: Person) -> None:
    """From the listings; a price that is no number is said so at its field, and nothing else is lost."""
    someone.goes_to("/proveedor/ofertas/")
    someone.follows("Ofrecer un producto")
    for name, text in PERFORATOR.items():
        someone.page.fill(f"input[name={name}]", text)
    someone.page.fill("input[name=price]", "tres")
    someone.chooses("category", "Other electronics")
    someone.page.locator("select[name=unit]").select_option("C62")
    someone.page.locator("select[name=vat_percent]").select_option("15")
    someone.presses("Ofrecer")
    assert someone.is_told("Escriba un número con cifras, por ejemplo 10 o 3,45.")
    someone.page.fill("input[name=price]", PERFORATOR["price"] if someone.language == "es" else "3.45")
    someone.page.fill("input[name=stock]", PERFORATOR["stock"] if someone.language == "es" else "1,000")
    someone.presses("Ofrecer")
    assert someone.is_told(f"{PERFORATOR['name']} pasa como propuesta a la oficina de catálogo. Queda a la venta cuando se acepte.")


def sends_stock_and_repairs_it(someone: Person, ruc: str, folder: Path, work) -> tuple[StockRecord, int]:
    """One row of two is wrong; it is downloaded, corrected and uploaded again. The offer, and its stock before."""
    right, wrong = StockRecord.objects.filter(partner__supplier__ruc=ruc, partner_sku__startswith="EPS-").order_by("pk")[:2]
    before = int(wrong.stock.left)
    stock = folder / "existencias.csv"
    stock.write_text(f"codigo;existencias\n{right.partner_sku};77\n{wrong.partner_sku};-12\n", encoding="utf-8")
    imports(someone, stock, work)
    address = someone.page.locator("a[href$='/errores/']").get_attribute("href")
    lines = someone.page.request.get(address).body().decode("utf-8-sig")
    header, [sku, refused, why] = csv.reader(io.StringIO(lines, newline=""), delimiter=";")
    assert (header, sku, refused) == (["codigo", "existencias", "error"], wrong.partner_sku, "'-12")
    assert why
    repaired = folder / "existencias-corregidas.csv"
    repaired.write_text(f"codigo;existencias;error\n{sku};41;{why}\n", encoding="utf-8")
    imports(someone, repaired, work)
    assert [stock_left(right), stock_left(wrong)] == [77, 41]
    return wrong, before


def undoes(someone: Person) -> None:
    someone.follows("Deshacer esta importación")
    someone.presses("Deshacer 1 fila")
    assert someone.is_told("La importación está deshecha")
    assert ImportRun.objects.latest("pk").status == "undone"


def stock_left(listing: StockRecord) -> int:
    return int(StockRecord.objects.get(pk=listing.pk).stock.left)


def accepts_and_sends(someone: Person, order: Order) -> None:
    someone.goes_to(f"/proveedor/ordenes/{order.number}/")
    someone.presses("Aceptar la orden")
    someone.goes_to(f"/proveedor/ordenes/{order.number}/despachar/")
    someone.page.fill("input[name=guide_number]", "001-002-000000123")
    someone.presses("Avisar que está en camino")
    order.refresh_from_db()
    assert order.status == Order.Status.IN_DELIVERY


def all_is_received(order: Order) -> None:
    """By the entity, which is not what this morning is about."""
    receiver = Membership.objects.get(user__email=f"receptor@{DOMAIN}")
    brought = [Brought(n, accepted=line.quantity) for n, line in enumerate(order.lines.order_by("pk"), start=1)]
    with acting(reason="test"):
        delivery_record(order_id=order.pk, brought=brought, received_on=localdate(), acts_seen=0, actor=receiver, at=now())


def invoices_all(someone: Person, order: Order) -> None:
    someone.goes_to(f"/proveedor/ordenes/{order.number}/facturas/crear/")
    someone.page.fill("input[name=number]", NUMBER)
    for n, line in enumerate(order.lines.order_by("pk"), start=1):
        someone.page.fill(f"input[name=quantity_{n}]", str(line.quantity))
    someone.presses("Enviar la factura")
    assert NUMBER in someone.reads()


@pytest.mark.feature("CI-5")
@pytest.mark.feature("CI-10")
def test_from_the_invitation_to_the_payment(person, newcomer, order, epson, tmp_path, work, language):
    ruc, officer = order.supplier.ruc, person("catalogo")
    enters(newcomer, invites(officer, ruc, work), ruc)

    offers_one_product(newcomer)
    officer.goes_to("/panel/propuestas/")
    officer.presses("Aceptar 1")
    assert officer.is_told("1 producto está a la venta.")
    offered = StockRecord.objects.get(partner__supplier__ruc=ruc, partner_sku="PF-1")
    assert (str(offered.price), stock_left(offered)) == ("3.450000", 1000)

    imports(newcomer, epson, work)
    accepts_all(officer, 300, work)
    listing, before = sends_stock_and_repairs_it(newcomer, ruc, tmp_path, work)
    undoes(newcomer)
    assert stock_left(listing) == before

    accepts_and_sends(newcomer, order)
    all_is_received(order)
    work()
    invoices_all(newcomer, order)
    the_gateway_pays(certifies_and_orders_the_payment(person("financiero")))
    work()
    newcomer.goes_to("/proveedor/facturas/")
    newcomer.opens(NUMBER)
    assert newcomer.is_told("Pagado")
    newcomer.photographs("supplier-paid")
