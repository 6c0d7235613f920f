"""Taking an applied import back: all is as before, but what something has used since is kept, and said."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog_import.deciding import proposals_accept
from catalog_import.models import ImportRun, Proposal
from catalog_import.services import run_apply
from catalog_import.undoing import run_undo, undo_plan
from framework_agreements.models import AdjudicatedItem
from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.kernel.limits.services import Taking, take
from marketplace.shop.partner.models import Price, StockRecord
from marketplace.shop.partner.services import listing_reprice, listing_withdraw
from tests.answers import SIGN_IN
from tests.catalog_import.conftest import text_of

ROWS = {"RZ-1": "7861000000017", "RZ-2": "7861000000024", "RZ-3": "7861000000031"}


@pytest.fixture
def on_sale(apply, noon):
    """Three listings at 3.12, a day ago."""
    run = apply(text_of(*({"sku": sku, "gtin": gtin} for sku, gtin in ROWS.items())))
    proposals_accept(proposal_ids=run.proposals.values_list("pk", flat=True), actor=None, at=noon - timedelta(days=1))
    return {each.partner_sku: each for each in StockRecord.objects.all()}


@pytest.fixture
def undo(manager, noon):
    return lambda run: run_undo(run_id=run.pk, actor=manager, at=noon + timedelta(hours=1))


TERMS = (
    "price", "sales_unit", "pack_factor", "vat_category", "minimum_quantity", "lead_time_days", "warranty_months", "image_url",
    "status",
)  # fmt: skip


def in_force() -> dict[str, tuple]:
    """What each listing is offered at now, its newest price too."""
    return {
        each.partner_sku: (*(getattr(each, term) for term in TERMS), each.stock.left, each.prices.first().net)
        for each in StockRecord.objects.select_related("stock")
    }


@pytest.mark.feature("CI-5")
def test_what_is_in_force_is_as_before_and_the_record_keeps_both(apply, on_sale, undo, noon, manager):
    before = in_force()
    run = apply(
        text_of(
            {"sku": "RZ-1", "gtin": ROWS["RZ-1"], "price": "2.00", "stock": "7", "lead_time_days": "9", "vat_percent": "0"},
            {"sku": "RZ-2", "gtin": ROWS["RZ-2"], "stock": "1", "image_url": "", "min_order_qty": "5", "warranty_months": "1"},
            {"sku": "RZ-3", "gtin": ROWS["RZ-3"]},
        )
    )
    assert (run.changed, run.unchanged) == (2, 1)
    assert in_force() != before

    undone = undo(run)

    assert in_force() == before
    assert (undone.status, undone.undone, undone.kept, undone.undone_by) == ("undone", 2, 0, manager)
    prices = Price.objects.filter(listing=on_sale["RZ-1"]).order_by("pk").values_list("net", flat=True)
    assert list(prices) == [Decimal("3.12"), Decimal("2.00"), Decimal("3.12")]
    event = Event.objects.get(kind="import.undone")
    assert (event.payload["undone"], event.payload["kept"]) == (2, 0)
    told = Event.objects.filter(kind="listings.applied").latest("pk").payload["products"]
    assert sorted(told) == sorted([on_sale["RZ-1"].product_id, on_sale["RZ-2"].product_id])


def test_offers_that_the_run_added_go_off_sale_and_withdrawn_ones_go_back_there(apply, on_sale, undo, noon, manager):
    listing_withdraw(listing_id=on_sale["RZ-1"].pk, actor=manager, at=noon - timedelta(hours=1))
    run = apply(text_of({"sku": "RZ-1", "gtin": ROWS["RZ-1"]}, {"sku": "RZ-9", "gtin": ROWS["RZ-1"], "price": "3.00"}))
    assert (run.added, run.changed) == (1, 1)

    undo(run)

    assert dict(StockRecord.objects.values_list("partner_sku", "status")) == {
        "RZ-1": "withdrawn", "RZ-2": "published", "RZ-3": "published", "RZ-9": "withdrawn",
    }  # fmt: skip


def test_open_proposals_are_taken_back_and_accepted_ones_are_kept(apply, undo, noon):
    run = apply(text_of({"sku": "N-1"}, {"sku": "N-2", "gtin": ""}))
    first = run.proposals.get(sku="N-1")
    proposals_accept(proposal_ids=[first.pk], actor=None, at=noon)

    undone = undo(run)

    assert (undone.undone, undone.kept) == (1, 1)
    assert run.proposals.get(sku="N-2").status == Proposal.Status.WITHDRAWN
    assert StockRecord.objects.get().status == "published"
    assert run.staged_rows.get(sku="N-1").kept_because == "undo_accepted"


@pytest.mark.feature("CI-5")
def test_what_was_ordered_or_changed_since_is_kept_and_said(apply, on_sale, undo, noon, manager):
    run = apply("sku,price\nRZ-1,3.00\nRZ-2,3.00\nRZ-3,3.00\n")
    take([Taking(on_sale["RZ-1"].stock_id, 2, run)])  # as an order does
    listing_reprice(listing_id=on_sale["RZ-2"].pk, price=Decimal("2.90"), actor=manager, at=noon + timedelta(minutes=5))

    plan = undo_plan(run)
    undone = undo(run)

    assert (plan.restored, plan.withdrawn, plan.proposals, plan.kept) == (1, 0, 0, 2)
    assert [(kept.line, kept.sku, kept.code) for kept in plan.shown] == [
        (2, "RZ-1", "undo_ordered"), (3, "RZ-2", "undo_changed_since"),
    ]  # fmt: skip
    assert (undone.undone, undone.kept) == (1, 2)
    assert {sku: terms[0] for sku, terms in in_force().items()} == {
        "RZ-1": Decimal("3.00"), "RZ-2": Decimal("2.90"), "RZ-3": Decimal("3.12"),
    }  # fmt: skip
    assert dict(run.staged_rows.exclude(kept_because="").values_list("sku", "kept_because")) == {
        "RZ-1": "undo_ordered", "RZ-2": "undo_changed_since",
    }  # fmt: skip


def test_an_earlier_price_over_a_ceiling_that_was_lowered_since_does_not_come_back(apply, on_sale, undo):
    run = apply("sku,price\nRZ-1,3.00\nRZ-2,3.00\n")
    AdjudicatedItem.objects.filter(product=on_sale["RZ-1"].product).update(ceiling_price=Decimal("3.05"))

    undone = undo(run)

    assert (undone.undone, undone.kept, run.staged_rows.get(sku="RZ-1").kept_because) == (1, 1, "undo_over_ceiling")


def test_an_earlier_run_is_undone_only_where_a_later_one_left_it_alone(apply, on_sale, undo, read, noon):
    first = apply("sku,stock\nRZ-1,10\nRZ-2,10\n")
    run_apply(run_id=read("sku,stock\nRZ-1,20\nRZ-2,10\n").pk, at=noon + timedelta(minutes=1))

    undone = undo(first)

    assert (undone.undone, undone.kept) == (1, 1)
    assert {sku: terms[-2] for sku, terms in in_force().items()} == {"RZ-1": 20, "RZ-2": 100, "RZ-3": 100}


def test_refuses_what_is_not_applied_twice_and_what_is_all_used(apply, read, on_sale, undo, noon):
    preview = read("sku,stock\nRZ-1,10\n")
    used = apply("sku,stock\nRZ-2,10\n")
    take([Taking(on_sale["RZ-2"].stock_id, 1, used)])
    done = apply("sku,stock\nRZ-3,10\n")
    undo(done)
    before = in_force()

    for run, code in ((preview, "illegal_move"), (done, "illegal_move"), (used, "undo_nothing")):
        with pytest.raises(RuleBroken) as refusal:
            undo(run)
        assert refusal.value.codes == [code]

    assert in_force() == before
    assert set(ImportRun.objects.filter(pk__in=[preview.pk, used.pk]).values_list("status", flat=True)) == {"preview", "applied"}


def test_the_page_says_what_will_happen_and_the_button_does_it_once(client, apply, on_sale, manager, noon):
    run = apply("sku,price\nRZ-1,3.00\nRZ-2,3.00\n")
    take([Taking(on_sale["RZ-2"].stock_id, 1, run)])
    client.force_login(manager.user, backend=SIGN_IN)
    url, key = reverse("catalog_import:run-undo", args=[run.id_public]), "0198c0de-0000-7000-8000-000000000001"

    page = " ".join(client.get(url).content.decode().split())
    answers = [client.post(url, {"form_key": key}) for _press in range(2)]

    assert "Deshacer 1 fila" in page
    assert "la orden conserva su precio" in page
    assert [answer.url for answer in answers] == [run.get_absolute_url()] * 2
    assert Price.objects.filter(listing=on_sale["RZ-1"]).count() == 3
    after = " ".join(client.get(run.get_absolute_url()).content.decode().split())
    assert "1 fila se conservó" in after
    assert "la orden conserva su precio" in after
