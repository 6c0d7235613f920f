"""A supplier with a lot, the map of the categories of the real files, and ways to import a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.translation import override

from catalog_import.columns import COLUMNS
from catalog_import.layouts import run_lay_out
from catalog_import.models import CategoryMapping, ImportRun
from catalog_import.readers import Layout
from catalog_import.services import run_apply, run_create, run_read
from framework_agreements.models import AgreementLot, FrameworkAgreement
from marketplace.kernel.jobs.running import run_all_due
from marketplace.registry.models import Membership, Supplier
from tests.answers import SIGN_IN

CATEGORIES = (
    "Cables and adapters", "Cameras", "Keyboards and mice", "Monitors", "Other electronics", "Paper and labels",
    "Portable computers", "Power supplies", "Printers", "Projectors", "Storage", "Toner and ink cartridges",
)  # fmt: skip
ENGLISH = tuple(column.name for column in COLUMNS if not column.is_optional)
SPANISH = tuple(column.spanish for column in COLUMNS if not column.is_optional)
GOOD = {
    "sku": "RZ-1", "name": "Resma de papel bond A4", "description": "75 g, 500 hojas", "brand": "Copylaser",
    "gtin": "7861000000017", "category": "Paper and labels", "unit": "C62", "price": "3.12", "currency": "USD",
    "vat_percent": "15", "stock": "100", "min_order_qty": "1", "lead_time_days": "3", "warranty_months": "12",
    "image_url": "https://ejemplo.ec/resma.jpg",
}  # fmt: skip


@dataclass
class Market:
    """An agreement with one lot, all categories mapped to it, and a supplier without any adjudication."""

    agreement: FrameworkAgreement
    lot: AgreementLot
    supplier: Supplier


@pytest.fixture
def market(lot_factory, supplier_factory, category_factory) -> Market:
    lot = lot_factory()
    shelf = category_factory(name="Tecnología")
    for category in CATEGORIES:
        CategoryMapping.objects.create(
            agreement=lot.agreement, file_category=category, lot=lot, cpc_code="452700014", category=shelf
        )
    return Market(lot.agreement, lot, supplier_factory())


@pytest.fixture
def as_():
    def client_of(membership) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(membership.user, backend=SIGN_IN)
        return client

    return client_of


@pytest.fixture
def manager(market, membership_factory):
    return membership_factory(role="supplier_manager", supplier=market.supplier)


@pytest.fixture
def english():
    """Sentences as the source has them."""
    with override("en"):
        yield


def text_of(*rows: dict[str, str], header=ENGLISH, delimiter: str = ",", end: str = "\n", extra=()) -> str:
    """A file with these rows; what a row does not say is as in `GOOD`."""
    names = [*(column.name for column in COLUMNS if {column.name, column.spanish} & set(header)), *extra]
    lines = [[*header, *extra], *([(GOOD | row).get(name, "") for name in names] for row in rows)]
    return "".join(delimiter.join(quoted(cell, delimiter) for cell in line) + end for line in lines)


def quoted(cell: str, delimiter: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if any(mark in cell for mark in (delimiter, '"', "\n", "\r")) else cell


def confirm_columns(run: ImportRun, actor: Membership, at: datetime) -> None:
    """As somebody who agrees with what the page proposes; then it is read."""
    run.refresh_from_db()
    run_lay_out(run_id=run.pk, layout=Layout(**run.layout), actor=actor, at=at)
    run_all_due()


@pytest.fixture
def read(market, noon) -> Callable[..., ImportRun]:
    """Import a text as far as the preview."""

    def read(text: str | bytes, supplier: Supplier | None = None) -> ImportRun:
        content = text.encode() if isinstance(text, str) else text
        run = run_create(
            supplier=supplier or market.supplier, agreement=market.agreement, file=ContentFile(content), file_name="lista.csv",
            actor=None, at=noon,
        )  # fmt: skip
        return run_read(run_id=run.pk, at=noon)

    return read


@pytest.fixture
def apply(read, noon) -> Callable[..., ImportRun]:
    """Import a text and apply it."""

    def apply(text: str | bytes, supplier: Supplier | None = None) -> ImportRun:
        return run_apply(run_id=read(text, supplier).pk, at=noon)

    return apply
