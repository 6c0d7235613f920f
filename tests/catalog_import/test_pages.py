"""The screens over HTTP: who sees what, what they do, what they refuse."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from catalog_import import forms
from catalog_import.columns import COLUMNS
from catalog_import.deciding import proposals_accept
from catalog_import.models import CategoryMapping, ImportRun, Proposal, ProposalDecision
from catalog_import.services import run_apply
from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.partner.models import StockRecord
from tests.catalog_import.conftest import ENGLISH, GOOD, text_of
from tests.catalog_import.test_workbook import book_of, saved

pytestmark = pytest.mark.usefixtures("english")


def upload(client: Client, agreement, text: str, **values):
    file = SimpleUploadedFile("lista.csv", text.encode())
    return client.post(reverse("catalog_import:run-create"), {"agreement": agreement.code, "file": file} | values)


def columns_form(run: ImportRun, **values) -> dict[str, str]:
    """The form of the columns as its page fills it in."""
    run.refresh_from_db()
    layout = run.layout | {"encoding": run.layout["encoding"].removesuffix("-sig")}
    return layout | {name: str(place) for name, place in layout.pop("places").items()} | values


def url(name: str, subject=None) -> str:
    return reverse(f"catalog_import:{name}", args=[subject.id_public] if subject else None)


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


# ---------------------------------------------------------------- uploading


def test_an_upload_is_read_in_the_background_and_shown(as_, manager, market):
    client = as_(manager)

    response = upload(client, market.agreement, text_of({}, {"sku": "E", "price": "x"}))

    run = ImportRun.objects.get()
    assert (response.status_code, response.url) == (302, run.get_absolute_url())
    assert (run.supplier, run.created_by, run.file_name, run.status) == (market.supplier, manager, "lista.csv", "uploaded")
    assert 'data-working="yes"' in words_of(client.get(run.get_absolute_url()))
    run_all_due()
    assert client.get(run.get_absolute_url()).url == url("run-columns", run)
    client.post(url("run-columns", run), columns_form(run))
    assert 'data-working="yes"' in words_of(client.get(run.get_absolute_url()))
    run_all_due()
    page = words_of(client.get(run.get_absolute_url()))
    assert 'data-working="no"' in page
    run.refresh_from_db()
    assert (run.status, run.proposed, run.refused) == ("preview", 1, 1)
    assert "This is not a number." in page


def test_pressing_twice_uploads_once_and_another_file_is_another_import(as_, manager, market):
    client, key = as_(manager), "0198c0de-0000-7000-8000-000000000001"

    first = upload(client, market.agreement, text_of({}), form_key=key)
    again = upload(client, market.agreement, text_of({}), form_key=key)
    other = upload(client, market.agreement, text_of({"sku": "B"}), form_key=key)

    assert first.url == again.url != other.url
    assert ImportRun.objects.count() == 2


def test_a_file_that_is_too_large_is_refused_before_it_is_stored(as_, manager, market, monkeypatch):
    monkeypatch.setattr(forms, "LARGEST_UPLOAD", 10)

    page = words_of(upload(as_(manager), market.agreement, text_of({})))

    assert "Split it and import the parts one by one." in page
    assert not ImportRun.objects.exists()


def test_an_agreement_that_is_not_open_to_the_supplier_is_no_choice(as_, manager, market, agreement_factory, adjudication_factory):
    closed, unmapped = agreement_factory(status="closed"), agreement_factory()
    theirs = adjudication_factory().lot.agreement
    mine = adjudication_factory(supplier=market.supplier).lot.agreement
    client = as_(manager)

    form = client.get(url("run-create")).context["form"]

    assert set(form.fields["agreement"].queryset) == {market.agreement, mine}
    for agreement in (closed, unmapped, theirs):
        assert upload(client, agreement, text_of({})).status_code == 200
    assert not ImportRun.objects.exists()


def test_the_template_can_be_uploaded_as_it_is(as_, manager, read):
    content = b"".join(as_(manager).get(url("template")).streaming_content)

    assert content.decode("utf-8-sig").strip().split(";") == [column.name for column in COLUMNS]
    assert read(content).failure["code"] == "file_without_rows"


def test_the_list_tells_proposals_that_wait_from_those_decided(as_, manager, apply, noon):
    run = apply(text_of({"sku": "A", "gtin": ""}, {"sku": "B", "gtin": ""}, {"sku": "C", "gtin": ""}))
    first = run.proposals.earliest("pk")
    proposals_accept(proposal_ids=[first.pk], actor=None, at=noon)

    assert "Proposed 2 · Proposals decided 1" in words_of(as_(manager).get(url("runs")))
    proposals_accept(proposal_ids=run.proposals.values_list("pk", flat=True), actor=None, at=noon)
    assert "Proposed" not in words_of(as_(manager).get(url("runs")))


def test_confirming_a_run_of_proposals_alone_says_so(as_, manager, read):
    run = read(text_of({"sku": "A", "gtin": ""}))

    page = as_(manager).post(url("run-confirm", run), follow=True)

    assert "1 proposal is being sent." in words_of(page)


# ---------------------------------------------------------------- one's own imports only


def test_a_supplier_sees_only_its_own_imports(as_, manager, market, read, membership_factory):
    run = read(text_of({"price": "x"}))
    stranger = as_(membership_factory(role="supplier_manager"))

    assert list(as_(manager).get(url("runs")).context["object_list"]) == [run]
    assert list(stranger.get(url("runs")).context["object_list"]) == []
    for name in ("run", "run-errors"):
        assert stranger.get(url(name, run)).status_code == 404
    for name in ("run-confirm", "run-discard"):
        assert stranger.post(url(name, run)).status_code == 404
    run.refresh_from_db()
    assert run.status == "preview"


def test_a_manager_of_two_suppliers_sees_those_of_the_one_acted_for(as_, manager, read, membership_factory):
    run = read(text_of({}))
    other = membership_factory(role="supplier_manager", user=manager.user)
    client = as_(manager)
    session = client.session
    session["membership"] = other.pk
    session.save()

    assert client.get(url("run", run)).status_code == 404


# ---------------------------------------------------------------- the preview


@pytest.mark.parametrize("tab", ["added", "changed", "steep", "proposed", "unchanged", "refused", "", "nonsense"])
def test_each_tab_answers(as_, manager, read, tab):
    run = read(text_of({}, {"sku": "E", "price": "x"}))
    assert as_(manager).get(url("run", run), {"ver": tab}).status_code == 200


def test_confirming_applies_in_the_background_and_shows_the_receipt(as_, manager, read):
    run = read(text_of({}, {"sku": "E", "price": "x"}))
    client = as_(manager)

    assert client.post(url("run-confirm", run)).url == run.get_absolute_url()

    run.refresh_from_db()
    assert (run.status, run.confirmed_by) == ("applying", manager)
    run_all_due()
    page = words_of(client.get(run.get_absolute_url()))
    assert "1 proposal was sent." in page
    assert "To be decided" in words_of(client.get(run.get_absolute_url(), {"ver": "proposed"}))


def test_a_steep_fall_is_confirmed_by_a_tick(as_, manager, market, apply, read, officer, noon):
    first = apply(text_of({"price": "10.00"}, {"sku": "B", "gtin": "", "price": "10.00"}))
    proposals_accept(proposal_ids=first.proposals.values_list("pk", flat=True), actor=officer, at=noon)
    run = read(text_of({"price": "7.99"}, {"sku": "B", "gtin": "", "price": "8.00"}))
    client = as_(manager)

    page = client.get(url("run", run), {"ver": "steep"})
    assert [shown.row.sku for shown in page.context["rows"]] == ["RZ-1"]
    assert "1 price falls by more than 20 %." in words_of(page)
    client.post(url("run-confirm", run))
    run.refresh_from_db()
    assert run.status == "preview"

    client.post(url("run-confirm", run), {"falls_are_right": "on"})
    run.refresh_from_db()
    assert run.status == "applying"


def test_discarding(as_, manager, read):
    run = read(text_of({}))

    as_(manager).post(url("run-discard", run))

    run.refresh_from_db()
    assert run.status == "discarded"


def test_the_refused_rows_come_down_in_the_files_layout_with_their_errors_and_go_up_again(as_, manager, read):
    header = (*ENGLISH, "product_code")
    rows = [{"sku": "=cmd()", "price": "x", "stock": "-12"}, {}, {"sku": "C", "name": "Ñandú; «a»\nb", "vat_percent": "12"}]
    run = read(text_of(*rows, header=header, extra=("color",)))

    content = b"".join(as_(manager).get(url("run-errors", run)).streaming_content)

    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert lines[0] == [*header, "error"]
    assert [(line[0], line[7], line[10]) for line in lines[1:]] == [("'=cmd()", "x", "'-12"), ("C", "3.12", "100")]
    assert lines[1][-1].startswith("Line 2: This is not a number.")
    assert lines[2][1] == "Ñandú; «a»\nb"
    again = read(content)
    assert (again.rows, again.refused, again.unused_columns) == (2, 2, ["error"])
    assert [(issue.column, issue.value) for issue in again.issues.all()] == [
        ("price", "x"), ("stock", "-12"), ("vat_percent", "12"),
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_price_of_three_decimals_means_the_same_when_the_refused_rows_go_up_again(as_, manager, read, delimiter):
    mark = "." if delimiter == "," else ","
    run = read(text_of({"price": f"1{mark}048", "name": ""}, {"sku": "B", "price": f"2{mark}50"}, delimiter=delimiter))

    again = read(b"".join(as_(manager).get(url("run-errors", run)).streaming_content).replace(b";;", b";x;").replace(b",,", b",x,"))

    assert again.staged_rows.get().net_price == Decimal("1.048")


@pytest.mark.feature("CI-5")
def test_of_a_workbook_the_refused_rows_come_down_as_one_and_go_up_corrected(as_, manager, read):
    book = book_of({"sku": "0012", "price": "x"}, {"sku": "B", "gtin": ""}, {"sku": "C", "name": "=1", "stock": -12})
    book.active["B4"].data_type = "s"
    run = read(saved(book))
    assert (run.encoding, run.refused) == ("xlsx", 2)

    content = as_(manager).get(url("run-errors", run)).content

    down = load_workbook(io.BytesIO(content))
    lines = list(down.active.iter_rows(values_only=True))
    assert lines[0] == (*ENGLISH, "error")
    assert [(line[0], line[1], line[7], line[10]) for line in lines[1:]] == [
        ("0012", GOOD["name"], "x", "100"), ("C", "=1", "3.12", "-12"),
    ]  # fmt: skip
    assert lines[1][-1].startswith("Line 2: This is not a number.")
    down.active["H2"], down.active["K3"], down.active["B3"] = 3, 7, "Papel"
    again = read(saved(down))
    assert (again.rows, again.refused, again.proposed) == (2, 0, 2)


@pytest.mark.budget("P11")
def test_a_page_of_a_preview_costs_the_same_for_few_and_many_rows(as_, manager, read, count_queries):
    client = as_(manager)
    few, many = (
        read(text_of(*({"sku": f"S{n}", "gtin": "", "price": "x" if n % 2 else "1"} for n in range(size)))) for size in (4, 60)
    )
    for tab in ("refused", "proposed"):
        client.get(url("run", few))
        costs = [count_queries(lambda run=run, tab=tab: client.get(url("run", run), {"ver": tab})) for run in (few, many)]
        assert costs[0] == costs[1] <= 12


# ---------------------------------------------------------------- the officer


def test_the_list_of_proposals_finds_sorts_and_groups_by_import(as_, officer, apply, supplier_factory):
    mine = apply(text_of({"sku": "A", "name": "Zapato", "gtin": ""}, {"sku": "B", "name": "Abrigo", "gtin": ""}))
    theirs = apply(text_of({"sku": "A", "name": "Camisa", "gtin": ""}), supplier_factory(name="Otra S.A."))
    client = as_(officer)

    page = client.get(url("proposals"), {"orden": "name"})
    assert [row.name for row in page.context["object_list"]] == ["Abrigo", "Camisa", "Zapato"]
    assert {(run, run.waiting) for run in page.context["runs"]} == {(mine, 2), (theirs, 1)}
    assert [row.name for row in client.get(url("proposals"), {"q": "otra"}).context["object_list"]] == ["Camisa"]
    of_one = client.get(url("proposals"), {"corrida": mine.id_public, "orden": "-name"})
    assert [row.name for row in of_one.context["object_list"]] == ["Zapato", "Abrigo"]
    assert client.get(url("proposals"), {"corrida": "nonsense"}).status_code == 404


def test_accepting_one_with_a_ceiling(as_, officer, apply):
    proposal = apply(text_of({"price": "3.123456"})).proposals.get()
    client = as_(officer)
    shown = client.get(url("proposal", proposal)).context["form"]["ceiling_price"].value()
    assert shown.replace(",", ".") == "3.123456"

    refused = client.post(url("proposal", proposal), {"ceiling_price": "3.10"})
    assert "Set a ceiling of that or more." in words_of(refused)
    assert not StockRecord.objects.exists()

    assert client.post(url("proposal", proposal), {"ceiling_price": shown}).status_code == 302
    assert str(StockRecord.objects.get().adjudicated_item.ceiling_price.amount) == "3.123456"
    assert b"ceiling_price" not in client.get(url("proposal", proposal)).content


def test_one_that_cannot_be_accepted_says_why(as_, officer, apply, market):
    proposal = apply(text_of({})).proposals.get()
    market.lot.status = "suspended"
    market.lot.save()

    page = words_of(as_(officer).post(url("proposal", proposal), {"ceiling_price": "3.12"}))

    assert "The lot «Papel» is suspended." in page
    assert not ProposalDecision.objects.exists()


def test_accepting_all_of_an_import(as_, officer, apply, supplier_factory):
    run = apply(text_of({"sku": "A"}, {"sku": "B", "gtin": ""}, {"sku": "C", "unit": "XBX"}))
    apply(text_of({"sku": "A"}), supplier_factory())
    client = as_(officer)

    page = words_of(client.post(url("run-accept", run), follow=True))

    assert "2 products are on sale. 1 proposal stays open; accept it alone to see why." in page
    assert StockRecord.objects.count() == 2
    assert Proposal.objects.open().count() == 2


def test_rejecting_needs_a_reason_and_the_supplier_reads_it(as_, officer, manager, apply):
    run = apply(text_of({}))
    proposal = run.proposals.get()
    client = as_(officer)

    client.post(url("proposal-reject", proposal), {"reason": ""})
    assert not ProposalDecision.objects.exists()
    client.post(url("proposal-reject", proposal), {"reason": "Ya existe como otra ficha."})

    assert ProposalDecision.objects.get().status == "rejected"
    page = words_of(as_(manager).get(run.get_absolute_url(), {"ver": "proposed"}))
    assert "Ya existe como otra ficha." in page


# ---------------------------------------------------------------- the category map


def mapping_values(market, **values) -> dict:
    shelf = CategoryMapping.objects.first().category
    return {"file_category": "Vehículos", "lot": market.lot.number, "cpc_code": "491130011", "category": shelf.slug} | values


def test_the_map_shows_what_files_use_and_it_lacks_and_takes_it(as_, officer, market, apply):
    apply(text_of({"sku": "A", "category": "Vehículos"}, {"sku": "B", "category": "Vehículos"}, {"sku": "C", "category": "Otra"}))
    client, where = as_(officer), [market.agreement.code]

    page = client.get(reverse("catalog_import:map", args=where))
    assert [(each.category, each.rows) for each in page.context["unmapped"]] == [("Vehículos", 2), ("Otra", 1)]

    answer = client.post(reverse("catalog_import:mapping-create", args=where), mapping_values(market))

    assert answer.url == reverse("catalog_import:map", args=where)
    assert CategoryMapping.objects.get(cpc_code="491130011").file_category == "vehiculos"
    assert [each.category for each in client.get(answer.url).context["unmapped"]] == ["Otra"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"file_category": "MONITORS"}, "is already mapped here. Change that line instead."),
        ({"file_category": "///"}, "Write letters or digits."),
        ({"cpc_code": "49113001"}, "Write the nine digits of the CPC code."),
    ],
)
def test_a_line_of_the_map_that_cannot_be(as_, officer, market, values, sentence):
    before = CategoryMapping.objects.count()

    page = as_(officer).post(
        reverse("catalog_import:mapping-create", args=[market.agreement.code]), mapping_values(market, **values)
    )

    assert sentence in words_of(page)
    assert CategoryMapping.objects.count() == before


def test_a_lot_of_another_agreement_is_no_choice(as_, officer, market, lot_factory):
    values = mapping_values(market, lot=lot_factory(number=99).number)

    assert as_(officer).post(reverse("catalog_import:mapping-create", args=[market.agreement.code]), values).status_code == 200
    assert not CategoryMapping.objects.filter(cpc_code="491130011").exists()


def test_changing_what_a_category_means_counts_from_the_next_import_on(as_, officer, market, apply, lot_factory, noon):
    waiting = apply(text_of({})).proposals.get()
    lot = lot_factory(agreement=market.agreement, name="Otro lote")
    path = reverse("catalog_import:mapping-edit", args=[market.agreement.code, "paper-and-labels"])
    client = as_(officer)
    assert client.get(path).status_code == 200

    client.post(path, mapping_values(market, file_category="Paper and labels", lot=lot.number))

    waiting.refresh_from_db()
    assert waiting.lot == market.lot
    assert apply(text_of({})).proposals.get().lot == lot


def test_the_maps_of_all_agreements_count_their_categories(as_, officer, market, agreement_factory):
    agreement_factory(status="closed")
    draft = agreement_factory(status="draft")

    rows = as_(officer).get(url("maps")).context["object_list"]

    assert {row: row.mapped for row in rows} == {market.agreement: 12, draft: 0}


def test_applying_shows_what_was_done_and_nothing_to_apply(as_, manager, read, noon):
    run = run_apply(run_id=read(text_of({})).pk, at=noon)

    page = as_(manager).get(run.get_absolute_url())

    assert b"aplicar/" not in page.content
