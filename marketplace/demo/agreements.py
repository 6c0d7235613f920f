"""The three agreements with lots, adjudications and causes for rejection, and what suppliers' words mean under CM-DEMO."""

from datetime import date, datetime

from catalog_import.models import CategoryMapping
from framework_agreements.models import Adjudication, FrameworkAgreement
from framework_agreements.services import adjudication_create, agreement_create, agreement_publish, lot_create, rejection_cause_add
from marketplace.registry.models import Membership, Supplier
from marketplace.shop.catalogue.models import Category

from .offers import lot_cantons
from .tables import Lot, lots, rows_of, winners_of

YEARS = 2


def agreements_open(*, since: datetime, officer: Membership) -> dict[str, FrameworkAgreement]:
    """All agreements by code, published, with their lots awarded."""
    begins = since.date()
    period = {"valid_from": begins, "valid_until": begins.replace(year=begins.year + YEARS)}
    opened = {row["code"]: agreement_create(actor=officer, **row, **period) for row in rows_of("agreements")}
    found = {supplier.ruc: supplier for supplier in Supplier.objects.all()}
    for lot in lots().values():
        _lot_award(opened[lot.agreement], lot, found, period, officer)
    for code, agreement in opened.items():
        for cause in rows_of("causes"):
            if cause["agreement"] in ("", code):
                rejection_cause_add(agreement=agreement, text=cause["text"], clause=cause["clause"], actor=officer)
        opened[code] = agreement_publish(agreement_id=agreement.pk, actor=officer, at=since)
    return opened


def _lot_award(
    agreement: FrameworkAgreement, lot: Lot, found: dict[str, Supplier], period: dict[str, date], officer: Membership
) -> None:
    created = lot_create(
        agreement=agreement,
        ceiling=lot.ceiling,
        actor=officer,
        number=lot.number,
        name=lot.name,
        delivery_cantons=lot_cantons(lot),
    )
    for row in winners_of(lot):
        adjudication_create(lot=created, supplier=found[row.ruc], actor=officer, **period)


def adjudication_ids() -> dict[tuple[str, int, str], int]:
    """By agreement, number of the lot, and RUC of the supplier."""
    rows = Adjudication.objects.values_list("lot__agreement__code", "lot__number", "supplier__ruc", "pk")
    return {(agreement, number, ruc): key for agreement, number, ruc, key in rows}


def categories_map(agreement: FrameworkAgreement, shelves: dict[str, Category]) -> None:
    """What the categories of suppliers' files mean under CM-DEMO."""
    numbered = {lot.number: lot for lot in agreement.lots.all()}
    for row in rows_of("category_map"):
        CategoryMapping.objects.create(
            agreement=agreement,
            file_category=row["file_category"],
            lot=numbered[int(row["lot"])],
            cpc_code=row["cpc"],
            category=shelves[row["shelf"]],
        )
