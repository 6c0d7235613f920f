"""Two at once: imports and decisions that meet the same sheets, listings and codes, over real connections."""

import threading
import time
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from catalog_import.deciding import proposals_accept
from catalog_import.models import Proposal, ProposalDecision
from catalog_import.services import run_apply, run_create, run_read
from framework_agreements.models import AdjudicatedItem
from marketplace.kernel.limits.services import Taking, take
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.models import Price, StockRecord
from tests.catalog_import.conftest import text_of
from tests.races import together


@pytest.fixture
def preview(market, noon):
    def preview(supplier, *rows):
        file = ContentFile(text_of(*rows).encode())
        run = run_create(
            supplier=supplier, agreement=market.agreement, file=file, file_name="a.csv", actor=None, at=noon
        )  # fmt: skip
        return run_read(run_id=run.pk, at=noon)

    return preview


@pytest.mark.feature("CI-7")
def test_two_imports_with_the_same_new_gtins_accepted_at_once_make_one_sheet_each(
    own_database, market, preview, noon, supplier_factory
):
    rows = [
        {"sku": f"RZ-{digits}", "gtin": gtin} for digits, gtin in enumerate(("7861000000017", "7861000000024", "4006381333931"))
    ]
    runs = [run_apply(run_id=preview(supplier_factory(), *rows).pk, at=noon) for _ in range(4)]
    keys = [list(run.proposals.values_list("pk", flat=True)) for run in runs]

    together(*(lambda ids=ids: proposals_accept(proposal_ids=ids, actor=None, at=noon) for ids in keys))

    assert Product.objects.count() == 3
    assert (AdjudicatedItem.objects.count(), StockRecord.objects.count(), ProposalDecision.objects.count()) == (12, 12, 12)


def test_one_proposal_accepted_by_two_officers_at_once_is_accepted_once(own_database, market, preview, noon):
    run = run_apply(run_id=preview(market.supplier, {}).pk, at=noon)
    ids = [run.proposals.get().pk]
    accepted = []

    def accept() -> None:
        accepted.append(proposals_accept(proposal_ids=ids, actor=None, at=noon).accepted)

    together(accept, accept, accept)

    assert sorted(accepted) == [0, 0, 1]
    assert StockRecord.objects.count() == 1


def test_a_run_applied_twice_at_once_is_applied_once(own_database, market, preview, noon):
    run = preview(market.supplier, {}, {"sku": "RZ-2", "gtin": ""})

    together(*[lambda: run_apply(run_id=run.pk, at=noon)] * 3)

    assert Proposal.objects.count() == 2


def test_two_imports_of_one_supplier_at_once_keep_to_the_price_rule(own_database, market, preview, noon):
    """Whichever comes first, the price only goes down, and each code has one open offer."""
    first = run_apply(run_id=preview(market.supplier, {"price": "5.00"}).pk, at=noon)
    proposals_accept(proposal_ids=first.proposals.values_list("pk", flat=True), actor=None, at=noon)
    runs = [preview(market.supplier, {"price": price}, {"sku": "N", "gtin": ""}) for price in ("4.00", "4.50", "3.00", "4.20")]

    together(*(lambda key=run.pk: run_apply(run_id=key, at=noon) for run in runs))

    assert StockRecord.objects.get().price == Decimal("3.00")
    prices = list(Price.objects.order_by("pk").values_list("net", flat=True))
    assert prices == sorted(prices, reverse=True)
    assert Proposal.objects.open().filter(sku="N").count() == 1


def test_stock_taken_while_an_import_sets_it_is_not_lost(own_database, market, preview, noon, requester):
    first = run_apply(run_id=preview(market.supplier, {"stock": "100"}).pk, at=noon)
    proposals_accept(proposal_ids=first.proposals.values_list("pk", flat=True), actor=None, at=noon)
    stock = StockRecord.objects.get().stock
    runs = [preview(market.supplier, {"stock": str(left)}) for left in (90, 80, 70)]

    together(
        *(lambda key=run.pk: run_apply(run_id=key, at=noon) for run in runs),
        *[lambda: [take([Taking(stock.pk, 1, requester)]) for _ in range(10)]] * 3,
    )

    stock.refresh_from_db()
    assert stock.taken == 30
    assert stock.entries.count() == 30
    assert 0 < stock.left <= 90


def test_an_order_before_a_price_update_is_applied_keeps_what_it_took(own_database, market, preview, noon, requester):
    """The update says nothing of stock: it waits for the order, and then leaves the stock alone."""
    first = run_apply(run_id=preview(market.supplier, {"stock": "100", "price": "5.00"}).pk, at=noon)
    proposals_accept(proposal_ids=first.proposals.values_list("pk", flat=True), actor=None, at=noon)
    stock = StockRecord.objects.get().stock
    content = f"sku,price\n{StockRecord.objects.get().partner_sku},4.00\n".encode()
    run = run_create(
        supplier=market.supplier, agreement=market.agreement, file=ContentFile(content), file_name="p.csv", actor=None, at=noon
    )  # fmt: skip
    run_read(run_id=run.pk, at=noon)

    def order() -> None:
        with transaction.atomic():
            take([Taking(stock.pk, 5, requester)])
            ordered.set()
            time.sleep(0.5)  # the import has to wait for this long: were it not to, it would judge 100 units

    ordered = threading.Event()
    together(order, lambda: (ordered.wait(), run_apply(run_id=run.pk, at=noon)))

    stock.refresh_from_db()
    assert StockRecord.objects.get().price == Decimal("4.00")
    assert (stock.limit, stock.taken) == (100, 5)
