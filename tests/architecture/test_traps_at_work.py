"""Traps that spring only when something is written, renamed or deleted; each is held by a test (architecture, «Traps»)."""

import sys
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import oscar
import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import F, ProtectedError, Value
from django.db.models.functions import Concat

from cms.models import HomePage
from cms.services import portal_load
from marketplace.kernel.history import triggers
from marketplace.kernel.history.models import RowVersion
from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import run_all_due
from marketplace.kernel.sets import execute
from marketplace.registry.models import EntityUnit
from marketplace.shop.catalogue.models import Category, ProductImage
from marketplace.shop.order.models import Order
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.services import requisition_submit
from tests.shop.conftest import a_need, put_in_cart

pytestmark = pytest.mark.trap


# ---------------------------------------------------------------- history


def test_no_statement_of_the_history_reads_old_and_new_rows():
    """Joined, they turn quadratic once the plan is cached."""
    read = [{rows for rows in ("old_rows", "new_rows") if rows in statement} for statement in triggers.FUNCTIONS.split(";")]

    assert [rows for rows in read if rows] == [{"new_rows"}, {"old_rows"}, {"new_rows"}, {"old_rows"}]


def test_ten_thousand_rows_are_ten_thousand_versions_after_updates_of_none(entity_factory):
    units = "INSERT INTO registry_entityunit (entity_id, name) SELECT %s, 'Bodega ' || n FROM generate_series(1, 10000) n"
    execute(units, [entity_factory().pk])
    for _ in range(6):  # the sixth time the plan may be kept
        assert EntityUnit.objects.filter(name="Nadie").update(name="Nada") == 0

    assert EntityUnit.objects.update(name=Concat(F("name"), Value(" y anexo"))) == 10_000

    found = RowVersion.objects.filter(table_name="registry_entityunit")
    assert {kind: found.filter(operation=kind).count() for kind in "IOUD"} == {"I": 10_000, "O": 10_000, "U": 10_000, "D": 0}


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("kind", "name", "address"),
    [("product", "title", "/catalogo/p/papel-bond-{code}/"), ("category", "name", "/catalogo/c/papel-bond/")],
    ids=["sheet", "shelf"],
)
def test_a_new_name_leaves_slug_and_address_as_they_were(request, kind, name, address):
    named = request.getfixturevalue(f"{kind}_factory")(**{name: "Papel bond"})

    setattr(named, name, "Cartulina")
    named.save()

    renamed = type(named).objects.get(pk=named.pk)
    assert (getattr(renamed, name), renamed.slug) == ("Cartulina", "papel-bond")
    assert renamed.get_absolute_url() == address.format(code=(renamed.code or "").lower())


# ---------------------------------------------------------------- what is kept


@pytest.fixture
def order(requester, approver, certificate_factory, listing_factory, noon) -> Order:
    put_in_cart((listing_factory(price=Decimal("2.00")), 5), actor=requester, at=noon)
    need = a_need(certificate_factory(entity=requester.entity))
    sent = requisition_submit(need=need, actor=requester, at=noon)
    return requisition_approve(requisition_id=sent.pk, gross_seen=sent.gross.amount, actor=approver, at=noon)[0]


ORDERED = {
    "order": lambda order: order,
    "sheet": lambda order: order.lines.get().product,
    "listing": lambda order: order.lines.get().stockrecord,
    "partner": lambda order: order.lines.get().partner,
    "supplier": lambda order: order.supplier,
}


def rows_of_all_tables() -> dict[str, int]:
    return {model._meta.db_table: model._base_manager.count() for model in apps.get_models() if model._meta.managed}


@pytest.mark.parametrize("what", ORDERED)
def test_nothing_of_an_order_can_be_deleted(order, what):
    before = rows_of_all_tables()

    with pytest.raises(ProtectedError), transaction.atomic():
        ORDERED[what](order).delete()

    assert rows_of_all_tables() == before


def test_a_sheet_is_kept_for_its_listing(listing_factory):
    """In stock Oscar the listing goes with the sheet."""
    listing = listing_factory()

    with pytest.raises(ProtectedError) as kept:
        listing.product.delete()

    assert listing in kept.value.protected_objects
    assert StockRecord.objects.get() == listing


def test_one_item_has_an_sku_once(listing_factory):
    listing = listing_factory()

    with pytest.raises(IntegrityError, match="partner_listing_once"), transaction.atomic():
        listing_factory(adjudicated_item=listing.adjudicated_item, partner_sku=listing.partner_sku)


def test_two_items_of_one_supplier_may_share_an_sku(listing_factory, item_factory):
    """In stock Oscar an SKU is its partner's once."""
    first = listing_factory(partner_sku="RZ-1")

    second = listing_factory(adjudicated_item=item_factory(adjudication=first.adjudicated_item.adjudication), partner_sku="RZ-1")

    assert second.partner == first.partner
    assert StockRecord.objects.filter(partner=first.partner, partner_sku="RZ-1").count() == 2


# ---------------------------------------------------------------- the portal's jobs


def test_three_saves_of_a_page_leave_two_jobs(db):
    """Wagtail enqueues two with each save, equal ones as often as it is saved."""
    portal_load()
    run_all_due()
    page = HomePage.objects.first()

    for _ in range(3):
        page.save()

    tasks = Job.objects.order_by("pk").values_list("arguments__path", flat=True)
    assert sorted(path.rpartition(".")[2] for path in tasks) == ["insert_or_update_object_task", "update_reference_index_task"]
    assert run_all_due() == 2
    assert not Job.objects.exists()


# ---------------------------------------------------------------- pictures


def test_the_receivers_that_ask_for_sorl_are_not_loaded():
    """No server needs it. The tests have it for stock Oscar's pages, the peer of the bench."""
    assert "sorl" not in (settings.ROOT / "requirements.txt").read_text()
    assert "oscar.apps.catalogue.receivers" not in sys.modules


def test_a_shelf_and_a_picture_are_deleted_without_sorl(category_factory, product_factory):
    category_factory(image="categories/papel.png").delete()
    ProductImage.objects.create(product=product_factory(), original="products/resma.png").delete()

    assert not Category.objects.exists()
    assert not ProductImage.objects.exists()


# ---------------------------------------------------------------- migrations


@pytest.mark.parametrize("label", ["catalogue", "partner", "basket", "order", "customer"])
def test_a_forks_first_migration_is_read_where_oscar_is_installed(label):
    first = MigrationLoader(None).disk_migrations[label, "0001_initial"]

    assert first.__module__ == f"marketplace.shop.{label}.migrations.0001_initial"
    stock = Path(oscar.__file__).parent / "apps" / label / "migrations"
    assert Path(import_module(first.__module__).__file__) == stock / "0001_initial.py"
