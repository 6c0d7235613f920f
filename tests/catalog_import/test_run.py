"""A run from upload to applied: what it writes, what it leaves alone, and that it never does half."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog_import import services
from catalog_import.deciding import proposals_accept
from catalog_import.models import ImportRun, Outcome, Proposal, StagedRow
from catalog_import.services import run_apply, run_confirm, run_create, run_discard, run_read, run_submit
from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.kernel.history.models import RowVersion
from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import run_all_due
from marketplace.kernel.limits.services import Taking, take
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.models import Price, StockRecord
from tests.catalog_import.conftest import confirm_columns, text_of

Status = ImportRun.Status


@pytest.fixture
def listing(market, adjudication_factory, item_factory, product_factory, listing_factory) -> StockRecord:
    """The good row's product on sale, as that row says but for a price of 4."""
    award = adjudication_factory(lot=market.lot, supplier=market.supplier)
    item = item_factory(adjudication=award, product=product_factory(gtin="07861000000017", base_unit="C62"))
    return listing_factory(
        adjudicated_item=item, partner_sku="RZ-1", sales_unit="C62", price=Decimal(4), stock_left=Decimal(100),
        warranty_months=12, image_url="https://ejemplo.ec/resma.jpg",
    )  # fmt: skip


def written_since(before: set[int], table: str) -> list[str]:
    versions = RowVersion.objects.exclude(pk__in=before).filter(table_name=table).order_by("pk")
    return list(versions.values_list("operation", flat=True))


# ---------------------------------------------------------------- upload and preview


def test_the_upload_is_stored_with_its_digest(market, noon, manager):
    content = text_of({}).encode()

    run = run_create(
        supplier=market.supplier, agreement=market.agreement, file=ContentFile(content), file_name="../lista ñ.csv",
        actor=manager, at=noon,
    )  # fmt: skip

    assert (run.status, run.file_name, run.file_size) == (Status.UPLOADED, "../lista ñ.csv", len(content))
    assert run.sha256 == hashlib.sha256(content).hexdigest()
    assert run.file.read() == content
    assert run.file.name.startswith("imports/")
    assert ".." not in run.file.name
    assert Event.objects.get().kind == "import.uploaded"


def test_a_preview_changes_nothing_on_sale(read, listing):
    run = read(text_of({"price": "3.00"}, {"sku": "RZ-2", "gtin": "4006381333931"}))

    assert (run.status, run.changed, run.proposed) == (Status.PREVIEW, 1, 1)
    listing.refresh_from_db()
    assert (listing.price, Price.objects.count(), Proposal.objects.count()) == (4, 1, 0)


def test_a_preview_says_what_changes(read, listing):
    run = read(text_of({"price": "3.00", "stock": "7", "lead_time_days": "9", "vat_percent": "0"}))

    row = run.staged_rows.get()
    assert (row.outcome, row.listing, row.net_price, row.units_in_stock) == (Outcome.CHANGED, listing, 3, 7)
    assert row.changes == {"price": [4, 3], "stock": [100, 7], "lead_time_days": [3, 9], "vat_category": ["S", "Z"]}


def test_a_file_that_cannot_be_read_leaves_the_run_with_its_reason_and_nothing_else(read):
    before = Event.objects.count()

    run = read(text_of({}) + '"open')

    assert (run.status, run.failure) == (Status.FAILED, {"code": "quotation_mark_open", "values": {"line": 3}})
    assert (StagedRow.objects.count(), run.issues.count(), run.rows) == (0, 0, 0)
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True))[before:] == ["import.uploaded", "import.failed"]


def test_reading_twice_answers_the_same(read, noon):
    run = read(text_of({}))

    again = run_read(run_id=run.pk, at=noon + timedelta(hours=1))

    assert (again.status, again.status_at, StagedRow.objects.count()) == (Status.PREVIEW, noon, 1)


def test_a_run_that_was_killed_while_reading_begins_anew(read, noon):
    run = read(text_of({}, {"sku": "RZ-2"}))
    run_discard(run_id=run.pk, actor=None, at=noon)
    ImportRun.objects.filter(pk=run.pk).update(status=Status.READING)

    again = run_read(run_id=run.pk, at=noon)

    assert (again.status, again.rows, StagedRow.objects.count()) == (Status.PREVIEW, 2, 2)


def test_discarding_keeps_only_the_run(read, noon, manager):
    run = read(text_of({}, {"sku": "RZ-2", "price": "x"}, {"sku": "RZ-3", "price": "y"}))

    run_discard(run_id=run.pk, actor=manager, at=noon)

    run.refresh_from_db()
    assert (run.status, StagedRow.objects.count(), run.issues.count(), run.refused) == (Status.DISCARDED, 0, 0, 2)
    with pytest.raises(RuleBroken) as refusal:
        run_apply(run_id=run.pk, at=noon)
    assert refusal.value.codes == ["illegal_move"]


# ---------------------------------------------------------------- applying


def test_puts_new_offers_of_adjudicated_sheets_on_sale(apply, listing, noon):
    run = apply(text_of({"sku": "RZ-9", "gtin": "7861000000017", "price": "3.335"}))

    assert (run.status, run.added) == (Status.APPLIED, 1)
    new = StockRecord.objects.with_terms().get(partner_sku="RZ-9")
    assert (new.product, new.adjudicated_item, new.partner) == (listing.product, listing.adjudicated_item, listing.partner)
    assert (new.price, new.base_price, new.price_currency, new.status) == (Decimal("3.335"), Decimal("3.335"), "USD", "published")
    assert (new.stock.limit, new.stock.taken, new.vat_category) == (100, 0, "S")
    assert [(price.net, price.valid_from, price.kind) for price in new.prices.all()] == [(Decimal("3.335"), noon, "permanent")]
    assert new in StockRecord.objects.on_sale(noon.date())


def test_changes_only_what_differs(apply, listing, noon):
    before = set(RowVersion.objects.values_list("pk", flat=True))

    run = apply(text_of({"price": "3.00"}))

    assert run.changed == 1
    listing.refresh_from_db()
    assert (listing.price, listing.date_updated) == (3, noon)
    assert list(listing.prices.values_list("net", flat=True)) == [3, 4]
    assert written_since(before, "partner_stockrecord") == ["O", "U"]


def test_stock_is_what_can_be_sold_from_now_on(apply, listing, requester):
    take([Taking(listing.stock_id, 30, requester)])

    assert apply(text_of({"price": "4", "stock": "70"})).unchanged == 1
    assert apply(text_of({"price": "4", "stock": "100"})).changed == 1

    listing.stock.refresh_from_db()
    assert (listing.stock.limit, listing.stock.taken, listing.stock.left) == (130, 30, 100)
    assert apply(text_of({"price": "4", "stock": "0"})).changed == 1
    listing.stock.refresh_from_db()
    assert (listing.stock.limit, listing.stock.left) == (30, 0)
    assert Price.objects.count() == 1


@pytest.mark.feature("FA-5")
def test_a_price_rise_is_refused_with_its_rule_and_the_rest_applied(apply, listing):
    run = apply(text_of({"price": "4.01"}, {"sku": "RZ-2", "gtin": "7861000000017"}))

    assert [(each.line, each.column, each.value, each.code) for each in run.issues.all()] == [(2, "price", "4.01", "price_rise")]
    assert (run.refused, run.added) == (1, 1)
    listing.refresh_from_db()
    assert listing.price == 4


def test_a_withdrawn_listing_in_the_file_is_on_sale_again(apply, listing, noon):
    StockRecord.objects.update(status="withdrawn", status_at=noon - timedelta(days=1))

    assert apply(text_of({"price": "4"})).changed == 1

    listing.refresh_from_db()
    assert (listing.status, listing.status_at) == ("published", noon)


def test_matches_by_sheet_code_then_gtin_then_standing_code(apply, listing, product_factory, item_factory):
    sheet = product_factory(code="FN-000077-7", gtin=None, base_unit="C62")
    item = item_factory(adjudication=listing.adjudicated_item.adjudication, product=sheet)
    header = (*text_of().strip().split(","), "product_code")

    rows = [{"sku": "A", "gtin": "", "product_code": "fn-000077-7"}, {"sku": "B"}, {"sku": "RZ-1", "gtin": "", "price": "4"}]
    run = apply(text_of(*rows, header=header))

    assert (run.added, run.unchanged) == (2, 1)
    found = dict(StockRecord.objects.values_list("partner_sku", "adjudicated_item"))
    assert found == {"A": item.pk, "B": listing.adjudicated_item_id, "RZ-1": listing.adjudicated_item_id}


def test_another_suppliers_code_is_not_touched(apply, listing, supplier_factory):
    """Oscar's importer let a second file with the same SKU take over the first one's stock record."""
    run = apply(text_of({"price": "1.00"}), supplier_factory())

    assert run.proposed == 1
    listing.refresh_from_db()
    assert listing.price == 4


def test_the_category_of_the_file_names_the_lot_among_several(
    apply, market, listing, lot_factory, adjudication_factory, item_factory
):
    """A sheet adjudicated in two lots is offered under the one that the row's category means."""
    lot = lot_factory(agreement=market.agreement)
    item = item_factory(adjudication=adjudication_factory(lot=lot, supplier=market.supplier), product=listing.product)
    market.agreement.category_mappings.filter(file_category="monitors").update(lot=lot)

    apply(text_of({"sku": "M", "category": "Monitors"}, {"sku": "P"}))

    found = dict(StockRecord.objects.exclude(pk=listing.pk).values_list("partner_sku", "adjudicated_item"))
    assert found == {"M": item.pk, "P": listing.adjudicated_item_id}


def test_tells_of_the_products_once_per_thousand(apply, listing, monkeypatch):
    apply(text_of({"price": "3.00"}))

    event = Event.objects.get(kind="listings.applied")
    assert (event.subject_type, event.subject_id) == ("partner.partner", listing.partner_id)
    assert event.payload == {"products": [listing.product_id]}


def test_an_unchanged_file_tells_of_nothing(apply, listing):
    apply(text_of({"price": "4"}))

    assert not Event.objects.filter(kind="listings.applied").exists()


def test_a_later_import_supersedes_open_proposals_of_the_same_code(apply, noon):
    first = apply(text_of({"sku": "A", "gtin": ""}, {"sku": "B", "gtin": ""}))
    second = apply(text_of({"sku": "A", "gtin": "", "price": "2.00"}, {"sku": "B", "gtin": "", "price": "x"}))

    assert {each.sku: each.status for each in first.proposals.select_related("decision")} == {"A": "superseded", "B": "open"}
    assert {each.sku: each.status for each in second.proposals.select_related("decision")} == {"A": "open"}
    assert Proposal.objects.open().count() == 2


# ---------------------------------------------------------------- between preview and applying


def test_judges_once_more_what_moved_since_the_preview(read, listing, noon):
    run = read(text_of({"price": "3.50"}, {"sku": "RZ-2", "gtin": "4006381333931"}))
    assert (run.changed, run.refused) == (1, 0)
    StockRecord.objects.update(price=3)

    run = run_apply(run_id=run.pk, at=noon)

    assert (run.changed, run.refused, run.proposed) == (0, 1, 1)
    assert [each.code for each in run.issues.all()] == ["price_rise"]
    assert list(run.staged_rows.values_list("line", "outcome")) == [(2, "refused"), (3, "proposed")]
    listing.refresh_from_db()
    assert listing.price == 3


def test_applying_twice_answers_the_same(read, listing, noon):
    run = run_apply(run_id=read(text_of({"price": "3.50"}, {"sku": "N", "gtin": ""})).pk, at=noon)

    again = run_apply(run_id=run.pk, at=noon + timedelta(hours=1))

    assert (again.status_at, again.changed, again.proposed) == (noon, 1, 1)
    assert (Price.objects.count(), Proposal.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    ("who", "field", "value", "code"),
    [
        ("supplier", "status", "suspended", "import_supplier_suspended"),
        ("agreement", "status", "closed", "import_agreement_not_in_force"),
    ],
)
def test_nothing_is_applied_for_a_suspended_supplier_or_a_closed_agreement(read, listing, noon, market, who, field, value, code):
    run = read(text_of({"price": "3.50"}))
    subject = getattr(market, who)
    setattr(subject, field, value)
    subject.save()

    with pytest.raises(RuleBroken) as refusal:
        run_apply(run_id=run.pk, at=noon)

    assert refusal.value.codes == [code]
    run.refresh_from_db()
    listing.refresh_from_db()
    assert (run.status, listing.price) == (Status.PREVIEW, 4)
    with pytest.raises(RuleBroken) as refusal:
        read(text_of({}))
    assert refusal.value.codes == [code]
    assert ImportRun.objects.count() == 1


def test_a_failure_half_way_leaves_nothing(read, listing, noon, monkeypatch):
    run = read(text_of({"price": "3.50"}, {"sku": "RZ-2"}, {"sku": "N", "gtin": ""}))
    tables = (StockRecord, Price, Proposal, Product, Event, RowVersion)
    before = [table.objects.count() for table in tables]
    monkeypatch.setattr(services, "_PROPOSE", "SELECT 1 / 0")

    with pytest.raises(Exception, match="division by zero"):
        run_apply(run_id=run.pk, at=noon)

    assert [table.objects.count() for table in tables] == before
    run.refresh_from_db()
    assert run.status == Status.PREVIEW


# ---------------------------------------------------------------- in the background


def test_the_pages_path_runs_as_jobs_in_the_persons_name(market, listing, manager, noon):
    run = run_submit(
        supplier=market.supplier, agreement=market.agreement, file_name="a.csv", actor=manager, at=noon,
        file=ContentFile(text_of({"price": "3.50"}).encode()),
    )  # fmt: skip
    run_all_due()
    run.refresh_from_db()
    assert run.status == Status.COLUMNS
    confirm_columns(run, manager, noon)
    run.refresh_from_db()
    assert run.status == Status.PREVIEW

    run_confirm(run_id=run.pk, actor=manager, at=noon)
    run.refresh_from_db()
    assert run.status == Status.APPLYING
    run_all_due()

    run.refresh_from_db()
    listing.refresh_from_db()
    assert (run.status, run.confirmed_by, listing.price) == (Status.APPLIED, manager, Decimal("3.5"))
    version = RowVersion.objects.filter(table_name="partner_stockrecord", operation="U").last()
    assert (version.actor_id, version.membership_id) == (manager.user_id, manager.pk)
    assert Event.objects.get(kind="import.applied").membership_id == manager.pk
    assert not Job.objects.filter(task__startswith="catalog_import").exists()


def test_a_job_that_may_no_longer_apply_ends_with_the_reason(read, market, listing, manager, noon):
    run = read(text_of({"price": "3.50"}))
    run_confirm(run_id=run.pk, actor=manager, at=noon)
    market.supplier.status = "suspended"
    market.supplier.save()

    run_all_due()

    run.refresh_from_db()
    assert (run.status, run.failure["code"]) == (Status.FAILED, "import_supplier_suspended")
    assert not Job.objects.filter(task__startswith="catalog_import").exists()


def test_a_preview_is_confirmed_once(read, manager, noon):
    run = read(text_of({}))
    run_confirm(run_id=run.pk, actor=manager, at=noon)

    with pytest.raises(RuleBroken) as refusal:
        run_confirm(run_id=run.pk, actor=manager, at=noon)
    assert refusal.value.codes == ["illegal_move"]


# ---------------------------------------------------------------- budgets


@pytest.mark.budget("P11")
def test_a_hundred_and_four_hundred_rows_cost_the_same_statements(market, noon, read, supplier_factory):
    def statements(count: int) -> list[int]:
        counted = []
        supplier = supplier_factory()
        prices = ("x" if number % 10 == 0 else "3.12" for number in range(count))
        text = text_of(*({"sku": f"RZ-{number}", "gtin": "", "price": price} for number, price in enumerate(prices)))
        with CaptureQueriesContext(connection) as captured:
            run = read(text, supplier)
        counted.append(len(captured))
        with CaptureQueriesContext(connection) as captured:
            run = run_apply(run_id=run.pk, at=noon)
        counted.append(len(captured))
        keys = list(run.proposals.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as captured:
            accepted = proposals_accept(proposal_ids=keys, actor=None, at=noon).accepted
        counted.append(len(captured))
        assert accepted == count * 9 // 10
        return counted

    statements(10)  # makes the kind of sheet that all share
    assert statements(100) == statements(400)
