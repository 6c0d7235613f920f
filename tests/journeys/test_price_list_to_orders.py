"""The main job, as people do it: three suppliers' price lists become three approved purchase orders."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from framework_agreements.models import RejectionCause
from marketplace.demo.accounts import AGREEMENT_CODE, PASSWORD, SUPPLIER_RUC
from marketplace.registry.models import Supplier
from marketplace.shop.order.models import Order
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.requisition.models import Requisition
from tests.factories.factories import MembershipFactory

from .conftest import Person

pytestmark = pytest.mark.browser

B, C = "0199930141001", "0999930565001"  # Compumarca del Austro, Tóner y Tinta del Litoral: holders of lots of CM-DEMO
ON_BOTH = "HP 300XL Original Black 1 pc(s)"
BY_HAND = {"Qué se necesita": "Tintas y accesorios para consulta externa", "Por qué": "Reposición del trimestre según consumo."}


@pytest.fixture
def supplier(person):
    """Somebody who manages this supplier, at a browser."""

    def sign_in(ruc: str) -> Person:
        if ruc == SUPPLIER_RUC:
            return person("proveedor")
        manager = MembershipFactory(role="supplier_manager", supplier=Supplier.objects.get(ruc=ruc))
        manager.user.set_password(PASSWORD)
        manager.user.save()
        return person(manager.user.email)

    return sign_in


@pytest.fixture
def stranger(person) -> Person:
    """A requester of another entity."""
    membership = MembershipFactory(role="requester")
    membership.user.set_password(PASSWORD)
    membership.user.save()
    return person(membership.user.email)


@pytest.fixture
def hp_of_another(hp, tmp_path) -> Path:
    """The same products at other prices: every second one cheaper, the others dearer."""
    with hp.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    price, sku = header.index("price"), header.index("sku")
    for number, row in enumerate(rows):
        row[price] = str((Decimal(row[price]) * Decimal("0.95" if number % 2 else "1.04")).quantize(Decimal("0.01")))
        row[sku] = row[sku].replace("HP-", "CA-")
    other = tmp_path / "lista_compumarca.csv"
    with other.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return other


def imports(someone: Person, file: Path, work) -> None:
    """Upload, agree with the columns, look at the simulation, apply what is proposed."""
    someone.goes_to("/proveedor/importar/")
    someone.chooses("agreement", AGREEMENT_CODE)
    someone.page.set_input_files("input[name=file]", file)
    someone.presses("Subir")
    work()
    someone.page.wait_for_selector("form[data-columns]")
    someone.presses("Simular")
    work()
    someone.page.wait_for_selector("#run[data-working=no]")
    assert someone.is_told("Simulación: nada se ha guardado.")
    someone.photographs(f"import-{file.stem}")
    someone.page.locator("form[action$='/aplicar/'] button").click()
    work()
    someone.page.wait_for_selector("#run[data-working=no]")
    assert someone.is_told("La lista de precios está aplicada")


def accepts_all(officer: Person, count: int, work) -> None:
    officer.goes_to("/panel/propuestas/")
    officer.photographs(f"proposals-{count}")
    officer.presses(f"Aceptar las {count}")
    assert officer.is_told(f"{count} productos están a la venta.")
    work()


def on_sale_after_the_imports() -> None:
    """One sheet for both lists of the same products: as many offers on it as suppliers."""
    of = StockRecord.objects.filter
    assert of(partner__supplier__ruc=SUPPLIER_RUC, partner_sku__startswith="HP-").count() == 400
    assert of(partner__supplier__ruc=B, partner_sku__startswith="CA-").count() == 400
    theirs = of(partner__supplier__ruc=B, partner_sku__startswith="CA-").values("product")
    assert of(partner__supplier__ruc=SUPPLIER_RUC, partner_sku__startswith="HP-", product__in=theirs).count() == 400
    assert of(partner__supplier__ruc=C, product__brand__iexact="Epson").exists()


def adds(buyer: Person, product: str, supplier: str, quantity: int) -> None:
    """From the sheet, from this very supplier."""
    buyer.page.get_by_role("link", name=product, exact=True).first.click()
    row = buyer.page.get_by_role("row").filter(has_text=supplier)
    row.locator("input[name=quantity]").fill(str(quantity))
    row.get_by_role("button", name="Agregar").click()
    assert f"En el carrito, de {supplier}" in buyer.reads()


def finds(buyer: Person) -> None:
    """In lower case and with wrong accents, what was imported and what the demonstration holds."""
    assert any("Salbutamol" in title for title in buyer.searches("salbutámol inhaladór"))
    assert any("Resma" in title for title in buyer.searches("resma papél"))
    assert ON_BOTH in buyer.searches("hp 300xl óriginal bláck")
    buyer.photographs("search")


def compares(buyer: Person) -> None:
    buyer.opens(ON_BOTH)
    offers = buyer.page.locator("tbody tr").all_inner_texts()
    assert ["Compumarca" in offers[0], "Tecnología Quindil" in offers[1], len(offers)] == [True, True, 2]
    assert "Mejor precio" in offers[0]
    assert "¿Por qué este orden?" in buyer.reads()
    buyer.photographs("offers")


def fills_the_cart(buyer: Person) -> None:
    """From three suppliers; with and without VAT."""
    adds(buyer, ON_BOTH, "Compumarca del Austro S.A.S.", 5)
    in_stock = StockRecord.objects.select_related("product").filter(stock__limit__gte=20).order_by("pk")
    of_first = in_stock.filter(partner__supplier__ruc=SUPPLIER_RUC, partner_sku__startswith="HP-", vat_category="Z").first()
    buyer.searches(of_first.product.code)
    adds(buyer, of_first.product.title, "Tecnología Quindil S.A.", of_first.minimum_quantity + 1)
    for offer in in_stock.filter(partner__supplier__ruc=C, product__brand__iexact="Epson")[:2]:
        buyer.searches(offer.product.code)
        adds(buyer, offer.product.title, "Tóner y Tinta del Litoral S.A.S.", offer.minimum_quantity)


def sends_to_approval(buyer: Person) -> Requisition:
    buyer.goes_to("/compras/carrito/")
    assert "Esta compra generará 3 órdenes" in buyer.reads()
    buyer.photographs("cart")
    buyer.follows("Continuar a la requisición")
    for label, text in BY_HAND.items():
        buyer.page.get_by_label(label).fill(text)
    buyer.chooses("certificate", "84.01.07")
    buyer.photographs("requisition-form")
    buyer.presses("Enviar a aprobación")
    requisition = Requisition.objects.get(need=BY_HAND["Qué se necesita"])
    assert f"{requisition.number} va camino a la aprobación" in buyer.reads()
    buyer.photographs("requisition")
    return requisition


def approves(approver: Person, requisition: Requisition) -> dict[str, Order]:
    """All orders at once, by the supplier's RUC."""
    approver.goes_to("/compras/aprobaciones/")
    approver.opens(requisition.number)
    approver.photographs("approval")
    approver.presses("Aprobar")
    assert f"{requisition.number} está aprobada: se emitieron 3 órdenes." in approver.reads()
    return {order.supplier.ruc: order for order in requisition.orders.select_related("supplier")}


def assert_equal_to_the_cent(requisition: Requisition, orders: list[Order]) -> None:
    """Lines, VAT and totals of the orders are those of the requisition."""
    of_requisition = {(line.listing_id, line.quantity, line.unit_price.amount, line.net.amount) for line in requisition.lines.all()}
    of_orders = {
        (line.stockrecord_id, line.quantity, line.unit_price_excl_tax, line.line_price_excl_tax)
        for order in orders
        for line in order.lines.all()
    }
    assert of_orders == of_requisition
    shares = [share for order in orders for share in order.vat_shares.all()]
    assert sum(order.total_excl_tax for order in orders) == requisition.net.amount == sum(share.base.amount for share in shares)
    assert sum(share.amount.amount for share in shares) == requisition.vat.amount
    assert sum(order.total_incl_tax for order in orders) == requisition.gross.amount


def sees_only_its_own(someone: Person, ruc: str, orders: dict[str, Order]) -> None:
    someone.goes_to("/proveedor/ordenes/")
    listed = someone.reads()
    for other, order in orders.items():
        assert (order.number in listed) is (other == ruc)
        paths = (f"/proveedor/ordenes/{order.number}/", f"/proveedor/ordenes/{order.number}/pdf/")
        assert [someone.asks_for(path) for path in paths] == [200 if other == ruc else 404] * 2


def sees_nothing(stranger: Person, requisition: Requisition, orders: dict[str, Order]) -> None:
    assert stranger.asks_for(f"/compras/requisiciones/{requisition.number}/") == 404
    for order in orders.values():
        assert stranger.asks_for(f"/compras/ordenes/{order.number}/") == 404
        assert stranger.asks_for(f"/compras/ordenes/{order.number}/pdf/") == 404
        assert stranger.asks_for(f"/proveedor/ordenes/{order.number}/") == 403


def accepts(someone: Person, order: Order) -> None:
    someone.goes_to(f"/proveedor/ordenes/{order.number}/")
    someone.photographs("supplier-order")
    someone.presses("Aceptar la orden")
    order.refresh_from_db()
    assert order.status == Order.Status.ACCEPTED


def rejects(someone: Person, order: Order) -> None:
    """For a cause that the agreement lists; what it had taken is given back."""
    cause = RejectionCause.objects.filter(agreement=order.agreement).first()
    someone.goes_to(f"/proveedor/ordenes/{order.number}/")
    someone.chooses("cause", cause.text)
    someone.presses("Rechazar la orden")
    order.refresh_from_db()
    assert (order.status, order.rejection_cause) == (Order.Status.REJECTED, cause)
    assert order.lines.get().stockrecord.stock.taken == 0


def verifies(buyer: Person, order: Order) -> None:
    pdf = buyer.page.request.get(f"/compras/ordenes/{order.number}/pdf/")
    assert (pdf.headers["content-type"], pdf.body()[:4]) == ("application/pdf", b"%PDF")
    buyer.goes_to("/verificar/")
    buyer.page.fill("input[name=code]", order.verification_code)
    buyer.page.click("main form button[type=submit]")
    assert order.number in buyer.reads()
    buyer.photographs("verified")
    buyer.goes_to(f"/compras/ordenes/{order.number}/")
    buyer.photographs("order")


@pytest.mark.feature("SF-1")
@pytest.mark.feature("SF-7")
@pytest.mark.feature("OR-4")
@pytest.mark.threat("O7")
def test_from_three_price_lists_to_three_orders(person, supplier, stranger, work, hp, hp_of_another, epson):
    first, second, third = supplier(SUPPLIER_RUC), supplier(B), supplier(C)
    officer, buyer, approver = person("catalogo"), person("solicitante2"), person("aprobador")

    for someone, file, rows in ((first, hp, 400), (second, hp_of_another, 400), (third, epson, 300)):
        imports(someone, file, work)
        accepts_all(officer, rows, work)
    on_sale_after_the_imports()

    finds(buyer)
    compares(buyer)
    buyer.searches("hp 300xl original black")
    fills_the_cart(buyer)
    requisition = sends_to_approval(buyer)
    orders = approves(approver, requisition)
    assert set(orders) == {SUPPLIER_RUC, B, C}
    assert_equal_to_the_cent(requisition, list(orders.values()))

    for someone, ruc in ((first, SUPPLIER_RUC), (second, B), (third, C)):
        sees_only_its_own(someone, ruc, orders)
    sees_nothing(stranger, requisition, orders)
    accepts(third, orders[C])
    rejects(second, orders[B])
    verifies(buyer, orders[C])


@pytest.mark.feature("SF-8")
def test_buys_without_script(person, work, language):
    """Search, cart, requisition, approval and the supplier's answer, in a browser that runs none."""
    buyer, approver = person("solicitante2", java_script_enabled=False), person("aprobador", java_script_enabled=False)
    title = buyer.searches("salbutamol")[0]
    buyer.opens(title)
    buyer.presses("Agregar")
    buyer.goes_to("/compras/carrito/")
    buyer.writes(f"Cantidad de {title}", "3")
    buyer.presses("Actualizar")
    buyer.follows("Continuar a la requisición")
    for label, text in BY_HAND.items():
        buyer.writes(label, text)
    buyer.chooses("certificate", "53.08.09")
    buyer.presses("Enviar a aprobación")
    requisition = Requisition.objects.get(need=BY_HAND["Qué se necesita"])
    assert requisition.lines.get().quantity == 3

    approver.goes_to(f"/compras/aprobaciones/{requisition.number}/")
    approver.presses("Aprobar")

    assert requisition.orders.get().status == Order.Status.ISSUED
