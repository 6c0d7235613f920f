"""Every page of ours in a real browser: for everybody, by keyboard, at 320 px, loading nothing from elsewhere.

Each template in each distinct state once; what the import and the style page show besides is visited by their own tests.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test.signals import template_rendered
from django.urls import reverse
from django.utils.timezone import now

from cms.services import portal_load
from marketplace.kernel.acting import acting
from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import claim, run
from marketplace.shop.invoicing.services import invoice_certify
from marketplace.shop.order.services import order_accept, order_reject
from marketplace.shop.payment.services import payment_postpone
from marketplace.shop.requisition.services import requisition_return
from tests.browser import (
    PAPER,
    PHONE,
    Visitor,
    axe_problems,
    landmark_problems,
    page_problems,
    reflow_problems,
    screenshot,
    served,
)
from tests.databases import cloned, connected_to

from .matrix import MATRIX, who_opens
from .test_matrix import our_views
from .world import ANONYMOUS, OTHER, World, build_world

pytestmark = pytest.mark.browser

ROOMS = ("marketplace", "framework_agreements", "catalog_import", "search", "cms")
# tests/front, a layout, a letter, or on paper
ELSEWHERE = re.compile(r"^([45]\d\d|403_csrf)|^layouts/|^allauth/|/mail/|_print\.html$")
seen: set[str] = set()
weights: dict[str, int] = {}  # bytes of each page with all that it loads


class Site:
    """A running marketplace with one of everything in it."""

    def __init__(self, world: World, address: str) -> None:
        self.world, self.address = world, address

    def path(self, name: str) -> str:
        return reverse(name, kwargs=MATRIX[name].kwargs(self.world))


@pytest.fixture(scope="module")
def site(template, django_db_setup, django_db_blocker, frontend, tmp_path_factory) -> Iterator[Site]:
    patch = pytest.MonkeyPatch()
    patch.setattr(settings, "SEARCH_ENGINE", "tantivy")
    patch.setattr(settings, "SEARCH_FOLDER", tmp_path_factory.mktemp("index"))
    with django_db_blocker.unblock(), cloned(template) as name, connected_to(name), acting(reason="test"):
        portal_load()
        world = build_world()
        call_command("search_rebuild", verbosity=0)
        template_rendered.connect(_note)
        with served() as address:
            yield Site(world, address)
        template_rendered.disconnect(_note)
    patch.undo()


def _note(sender, template, **kwargs) -> None:
    seen.add(template.name)


@pytest.fixture(scope="module")
def visitor(site, browser) -> Iterator[Visitor]:
    visitor = Visitor(browser, site.address)
    yield visitor
    visitor.close()


@pytest.fixture
def visit(site, visitor) -> Callable:
    """Open a page as somebody; answer with what is wrong with it: wide and light, at 320 px, dark on a phone."""

    def visit(path: str, who: str, name: str) -> list[str]:
        answer = visitor.open(path, None if who == ANONYMOUS else site.world[who])
        show(visitor.page, f"{name}-1280")
        problems = [f"answered {answer.status}"] if answer.status != 200 else []
        problems += page_problems(visitor.page)
        show(visitor.page, f"{name}-360-dark")
        weights[name] = visitor.net.bytes
        return problems + visitor.net.problems

    return visit


def show(page, name: str) -> None:
    """A picture costs a fifth of a visit: only for who wants to look."""
    if os.environ.get("SCREENSHOTS"):
        screenshot(page, name)


PAGES = sorted(name for name, page in MATRIX.items() if not page.is_act)
PAPERS = {name for name in PAGES if name.endswith(("-pdf", "photograph"))}
FILES = {
    "basket:quick-order-sample", "catalog_import:price-list", "catalog_import:template", "catalog_import:template-workbook",
    "catalog_import:run-errors",
}  # fmt: skip
DOWNLOADS = PAPERS | FILES


def twins() -> Iterator[str]:
    """Pages whose template another one above shows as well: the same parts for another reader."""
    known, views = set(), our_views()
    for name in PAGES:
        template = getattr(views[name], "template_name", None)
        if template in known:
            yield name
        known.add(template)


TWINS = set(twins())


@pytest.mark.feature("SF-8")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] * (name in TWINS)) for name in PAGES if name not in DOWNLOADS]
)
def test_a_page_is_for_everybody(site, visit, name):
    assert visit(site.path(name), who_opens(name), name.replace(":", "-")) == []


STATES = {
    "home-es": ("/", ANONYMOUS),
    "home-en": ("/en/", ANONYMOUS),
    "home-signed-in": ("/", "requester"),
    "help": ("/ayuda/", ANONYMOUS),
    "sign-in": ("/cuenta/ingresar/", ANONYMOUS),
    "sign-out": ("/cuenta/salir/", "requester"),
    "account-inactive": ("/cuenta/inactiva/", ANONYMOUS),
    "confirm": ("/cuenta/confirmar/", "requester"),
    "password": ("/cuenta/contrasena/", "requester"),
    "password-forgotten": ("/cuenta/contrasena/olvidada/", ANONYMOUS),
    "password-sent": ("/cuenta/contrasena/olvidada/enviada/", ANONYMOUS),
    "password-new-done": ("/cuenta/contrasena/nueva/lista/", ANONYMOUS),
    "nothing-found": ("/catalogo/buscar/?q=tomógrafo+portátil", ANONYMOUS),
    "found": ("/catalogo/buscar/?q=papel", ANONYMOUS),
    "found-en": ("/en/catalogo/buscar/?q=papel", ANONYMOUS),
    "cart-empty": ("/compras/carrito/", OTHER + "requester"),
    "lists-empty": ("/compras/listas/", OTHER + "requester"),
    "carts-aside-empty": ("/compras/listas/?ver=apartados", OTHER + "requester"),
    "requisitions-empty": ("/compras/requisiciones/", OTHER + "requester"),
    "orders-empty": ("/compras/ordenes/", OTHER + "requester"),
    "approvals-empty": ("/compras/aprobaciones/", OTHER + "approver"),
    "approvals-delegated-empty": ("/compras/aprobaciones/?ver=delegadas", "approver"),
    "approvals-of-today": ("/compras/aprobaciones/?tarea=requisitions-to-decide", "approver"),
    "notices-unread": ("/cuenta/avisos/", "approver"),
    "approvals-decided": ("/compras/aprobaciones/?ver=resueltas", "approver"),
    "supplier-orders-empty": ("/proveedor/ordenes/", OTHER + "supplier_manager"),
    "listings-empty": ("/proveedor/ofertas/", OTHER + "supplier_manager"),
    "imports-empty": ("/proveedor/importar/", OTHER + "supplier_manager"),
    "invoices-empty": ("/compras/facturas/", OTHER + "finance_officer"),
    "supplier-invoices-empty": ("/proveedor/facturas/", OTHER + "supplier_manager"),
    "payments-empty": ("/compras/pagos/", OTHER + "finance_officer"),
    "certificates-empty": ("/compras/presupuesto/", OTHER + "budget_officer"),
}


@pytest.mark.parametrize("name", STATES)
def test_a_state_is_for_everybody(visit, name):
    path, who = STATES[name]

    assert visit(path, who, name) == []


PRINTED = [
    "order:orders",
    "order:order",
    "requisition:requisition",
    "fulfilment:delivery",
    "invoicing:invoice",
]
NOT_ON_PAPER = ".site-header, .site-footer, .breadcrumb, .section-bar, .list-tools, .pager, .btn, button, input, select, textarea"


@pytest.mark.feature("SF-8")
@pytest.mark.parametrize("name", PRINTED)
def test_a_printed_page_has_its_contents_and_nothing_to_press(site, visitor, name):
    page = visitor.page
    visitor.open(site.path(name), site.world[who_opens(name)])
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(PAPER)
    show(page, f"{name.replace(':', '-')}-print")

    assert page.locator(NOT_ON_PAPER).filter(visible=True).count() == 0
    assert page.locator("h1").is_visible() and page.locator("main table").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('main thead')).display") == "table-header-group"
    assert reflow_problems(page, PAPER["width"]) == []


def test_a_new_password_is_for_everybody(site, visit, client):
    client.post("/cuenta/contrasena/olvidada/", {"email": site.world["requester"].user.email})
    run(claim(Job.objects.get(task__endswith="account_letter").pk))  # and no other job: the pages are as they are
    [link] = re.findall(r"https?://[^/]+(/cuenta/contrasena/nueva/\S+)", mail.outbox[-1].body)

    assert visit(link, ANONYMOUS, "password-new") == []


def test_a_refused_sign_in_is_for_everybody(site, browser):
    context = browser.new_context(base_url=site.address, viewport=PHONE, locale="es-EC")
    page = context.new_page()
    page.goto("/cuenta/ingresar/")
    page.fill("input[name=login]", "nadie@ejemplo.ec")
    page.fill("input[name=password]", "una-clave-larga")
    page.click("main form button[type=submit]")
    screenshot(page, "sign-in-refused")

    assert page.locator(".error-summary").is_visible()
    assert landmark_problems(page) + axe_problems(page) + reflow_problems(page) == []
    context.close()


def test_too_many_tries_are_answered_for_everybody(site, browser, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    context = browser.new_context(base_url=site.address, viewport=PHONE, locale="es-EC")
    page = context.new_page()
    for _ in range(2):
        page.goto("/cuenta/ingresar/")
        page.fill("input[name=login]", "nadie@ejemplo.ec")
        page.fill("input[name=password]", "una-clave-larga")
        page.click("main form button[type=submit]")
    screenshot(page, "429")

    assert page.locator("h1").inner_text() == "Demasiados intentos a la vez"
    assert landmark_problems(page) + axe_problems(page) + reflow_problems(page) == []
    context.close()


def test_a_door_that_leads_nowhere_is_for_everybody(visit, monkeypatch):
    """As when the rooms behind it are not installed."""
    monkeypatch.setattr("marketplace.shop.dashboard.views.entries_for", lambda user, area: [])

    assert visit("/panel/", "administrator", "door") == []


def test_answered_orders_and_returned_needs_are_for_everybody(site, visit):
    """Last but one: it changes the world."""
    world = site.world
    requisition_return(requisition_id=world.waiting.pk, comment="Adjunte el informe.", actor=world["approver"], at=now())
    assert visit(site.path("requisition:requisition"), "requester", "requisition-returned") == []
    assert visit("/compras/carrito/", "requester", "cart-returned") == []

    order_accept(order_id=world.order.pk, actor=world["supplier_manager"], at=now(), comment="Entregamos el lunes.")
    assert visit(site.path("order:order"), "requester", "order-accepted") == []
    order = world.rejected_later
    order_reject(
        order_id=order.pk, cause=order.agreement.rejection_causes.get(), actor=world["supplier_manager"], at=now(), comment=""
    )
    assert visit(reverse("order:order", args=[order.number]), "requester", "order-rejected") == []


def test_money_that_waits_for_somebody_is_for_everybody(site, visit):
    """What only a finance officer can do, what still has to be done, what went wrong."""
    world = site.world
    payment_postpone(payment_id=world.payment.pk, problem="HTTP 503 at http://127.0.0.1:8001")

    assert visit(site.path("invoicing:invoice"), "finance_officer", "invoice-to-certify") == []
    assert visit(site.path("payment:payment"), "finance_officer", "payment-in-trouble") == []
    assert visit(reverse("payment:liquidation", args=[world.billed.number]), "order_administrator", "liquidation-not-yet") == []
    assert visit(reverse("order:supplier-order", args=[world.billed.number]), "supplier_manager", "order-with-money") == []
    invoice_certify(invoice_id=world.invoice.pk, actor=world["finance_officer"], at=now())
    assert visit(site.path("invoicing:invoice"), "finance_officer", "invoice-to-pay") == []


@pytest.mark.budget("N20")
def test_pages_are_light(site, record_property):
    """As the test server sends them: nothing is compressed here."""
    record_property("median weight of a page, bytes", int(median(weights.values())))

    assert median(weights.values()) < 300_000
    assert {name: weight for name, weight in weights.items() if weight > 500_000} == {}


def test_every_template_of_ours_was_seen(site):
    """Last: a template that no page above showed would never be judged."""
    templates = {
        file.relative_to(folder).as_posix()
        for room in ROOMS
        for folder in (settings.ROOT / room).rglob("templates")
        if "node_modules" not in folder.parts
        for file in Path(folder).rglob("*.html")
        if "{% extends" in file.read_text(encoding="utf-8")
    }

    assert sorted(name for name in templates - seen if not ELSEWHERE.search(name)) == []
