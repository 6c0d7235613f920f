"""What `demo_load` leaves in the database, as the issue asks for it."""

from collections import Counter, defaultdict
from csv import DictReader
from itertools import chain

import pytest
from django.core.management import call_command
from django.db.models import Count, F, Sum
from openpyxl import load_workbook
from stdnum import ean

from catalog_import.models import CategoryMapping
from framework_agreements.models import Adjudication, FrameworkAgreement
from framework_agreements.selectors import agreements_in_force
from marketplace.demo.accounts import AGREEMENT_CODE, ENTITY_RUC, SUPPLIER_RUC
from marketplace.demo.services import demo_load
from marketplace.kernel.events.models import Event
from marketplace.kernel.history.models import RowVersion
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.text import fold, sort_key
from marketplace.registry.models import Delegation, Entity, Supplier
from marketplace.registry.places import cantons
from marketplace.shop.basket.models import PurchaseList
from marketplace.shop.catalogue.models import Category, Product, ProductAttributeValue
from marketplace.shop.catalogue.selectors import category_trail, specifications_of
from marketplace.shop.catalogue.units import units
from marketplace.shop.order.models import Order
from marketplace.shop.partner.models import Price, StockRecord
from marketplace.shop.partner.quotes import offers_for_product
from marketplace.shop.requisition.models import BudgetCertificate, Requisition
from marketplace.shop.requisition.selectors import requisitions_to_decide

pytestmark = pytest.mark.usefixtures("loaded")

MOST_BOUGHT = ("Medicamentos", "Servicios de limpieza", "Prendas y lencería", "Útiles de oficina")
ASKED_FOR = (
    "insulina", "salbutamol", "levotiroxina", "enalapril", "enoxaparina", "penicilina benzatinica", "acido tranexamico",
    "funda de basura", "pantalon", "sabana hospitalaria", "bata hospitalaria", "pilas", "marcador",
)  # fmt: skip


@pytest.fixture(scope="module")
def listings(loaded) -> list[StockRecord]:
    return list(StockRecord.objects.with_terms().order_by("pk"))


@pytest.fixture(scope="module")
def offers_by_sheet(listings) -> dict[int, list[StockRecord]]:
    found = defaultdict(list)
    for listing in listings:
        found[listing.product_id].append(listing)
    return found


# ---------------------------------------------------------------- how much there is


@pytest.mark.feature("SF-2")
def test_two_thousand_listings_of_forty_suppliers(listings):
    assert len(listings) == 2000
    assert len({listing.partner_id for listing in listings}) == Supplier.objects.count() == 40


def test_twelve_categories_or_more_hold_sheets_with_codes_and_units():
    holding = Category.objects.filter(depth=1, product=None).exclude(numchild=0)

    assert holding.count() >= 12
    for top in holding:
        sheets = Product.objects.filter(categories__in=top.get_descendants())
        assert sheets.exists(), top.name
        assert not sheets.exclude(cpc_code__regex=r"^\d{9}$").exists()
    assert set(Product.objects.values_list("base_unit", flat=True)) <= units().keys()


def test_forty_percent_are_medicines_cleaning_garments_and_office_supplies(listings):
    shelf_of = dict(Product.categories.through.objects.values_list("product_id", "category__path"))
    top_of = dict(Category.objects.filter(depth=1).values_list("path", "name"))
    length = Category.steplen
    by_top = Counter(top_of[shelf_of[listing.product_id][:length]] for listing in listings)

    assert sum(by_top[name] for name in MOST_BOUGHT) == 800
    assert min(by_top.values()) >= 80


@pytest.mark.feature("SF-1")
def test_five_hundred_sheets_have_three_offers_in_different_packs_prices_and_cantons(offers_by_sheet):
    varied = [
        offers
        for offers in offers_by_sheet.values()
        if len({(offer.sales_unit, offer.pack_factor) for offer in offers}) >= 3
        and len({offer.base_price for offer in offers}) == len(offers)
        and len({tuple(offer.delivery_cantons or ()) for offer in offers}) >= 3
    ]

    assert len(varied) >= 500


def test_twenty_five_entities_with_units_in_real_cantons():
    counted = Entity.objects.annotate(units_of_it=Count("units"))

    assert counted.count() == 25
    assert {entity.canton_code for entity in counted} <= cantons().keys()
    assert all(2 <= entity.units_of_it <= 4 for entity in counted)


def test_three_agreements_in_force(loaded):
    agreements = agreements_in_force(loaded.date())

    assert agreements.count() == FrameworkAgreement.objects.count() == 3
    for agreement in agreements:
        assert agreement.lots.exists()
        assert agreement.rejection_causes.count() >= 3
        assert agreement.legal_basis.startswith("Ley Orgánica del Sistema Nacional de Contratación Pública")


# ---------------------------------------------------------------- what a sheet is


@pytest.mark.feature("SE-1")
@pytest.mark.parametrize("words", ASKED_FOR)
def test_is_named_as_people_name_it(words):
    assert StockRecord.objects.filter(product__folded_title__startswith=words).count() >= 3


def test_each_size_is_its_own_sheet():
    sizes = ProductAttributeValue.objects.filter(
        product__title__startswith="Pantalón de trabajo en gabardina azul marino, hombre", attribute__code="talla"
    )
    shown = list(sizes.values_list("product_id", "value_option__option"))

    assert len(shown) == len(dict(shown)) == len({size for _, size in shown}) >= 2


def test_specifications_come_typed_and_the_important_ones_first():
    sheet = Product.objects.get(title="Resma de papel bond A4 de 75 g, blanco")
    values = sheet.attribute_values.select_related("attribute").order_by("attribute_id")

    assert [specification.name for specification in specifications_of(sheet)] == [
        "Formato",
        "Gramaje (g/m²)",
        "Color",
        "Hojas por unidad",
    ]
    assert [value.attribute.type for value in values] == ["option", "integer", "option", "integer"]
    assert sheet.attribute_values.get(attribute__code="gramaje").value_integer == 75
    assert set(ProductAttributeValue.objects.values_list("attribute__type", flat=True)) == {
        "text", "integer", "float", "boolean", "option",
    }  # fmt: skip


def test_stands_on_its_shelf():
    sheet = Product.objects.get(title__startswith="Salbutamol inhalador")

    assert [shelf.name for shelf in category_trail(sheet)] == ["Medicamentos", "Medicamentos inhalados, tópicos y otros"]
    assert not Product.objects.filter(categories=None).exists()


def test_columns_for_finding_and_sorting_are_as_the_sheet_itself_would_write_them():
    for sheet in Product.objects.all():
        assert (sheet.sort_key, sheet.folded_title) == (sort_key(sheet.title), fold(sheet.title))


def test_half_of_the_goods_have_a_valid_gtin_of_the_restricted_range():
    goods = Product.objects.exclude(product_class__name="Servicio de limpieza")
    numbers = list(goods.exclude(gtin=None).values_list("gtin", flat=True))

    assert 0.4 < len(numbers) / goods.count() < 0.6
    assert all(number.startswith("02") and ean.is_valid(number[1:]) for number in numbers)
    assert not Product.objects.filter(product_class__name="Servicio de limpieza").exclude(gtin=None).exists()


# ---------------------------------------------------------------- what a listing is


def test_all_are_on_sale_within_their_ceilings_and_priced(loaded, listings):
    assert StockRecord.objects.on_sale(loaded.date()).count() == 2000
    assert not StockRecord.objects.filter(base_price__gt=F("adjudicated_item__ceiling_price")).exists()
    assert Price.objects.filter(net=F("listing__price"), valid_from__lt=loaded).count() == Price.objects.count() == 2000


def test_units_cantons_and_rates_are_known(listings):
    assert {listing.sales_unit for listing in listings} <= units().keys()
    assert set(chain.from_iterable(listing.delivery_cantons or () for listing in listings)) <= cantons().keys()
    assert {listing.vat_category for listing in listings} == {"S", "Z", "AA"}
    assert set(StockRecord.objects.filter(product__product_class__name="Medicamento").values_list("vat_category", flat=True)) == {
        "Z"
    }


def test_a_buyer_in_loja_finds_an_offer_of_every_sheet(loaded, offers_by_sheet):
    reachable = StockRecord.objects.on_sale(loaded.date()).delivering_to("1101").values_list("product", flat=True)

    assert set(reachable) == offers_by_sheet.keys()


@pytest.mark.feature("SF-1")
def test_a_sheet_with_five_offers_shows_the_cheapest_base_unit_first(loaded, offers_by_sheet):
    sheet = next(offers[0].product for offers in offers_by_sheet.values() if len(offers) == 5)
    offers = [quote.offer for quote in offers_for_product(sheet, on=loaded.date()).open]

    assert len(offers) == 5
    assert offers[0].base_price == min(offer.price / offer.pack_factor for offer in offers)


@pytest.mark.feature("SF-2")
def test_the_order_by_base_unit_is_not_the_order_by_price(offers_by_sheet):
    def order(offers, key):
        return [offer.pk for offer in sorted(offers, key=key)]

    differing = [
        offers
        for offers in offers_by_sheet.values()
        if order(offers, lambda offer: offer.price) != order(offers, lambda offer: offer.base_price)
    ]
    assert len(differing) > 100


def test_one_event_tells_of_a_thousand_sheets_at_most():
    told = list(Event.objects.filter(kind="listings.applied").values_list("payload", flat=True))

    assert max(len(payload["products"]) for payload in told) <= 1000
    assert sorted(chain.from_iterable(payload["products"] for payload in told)) == sorted(
        Product.objects.values_list("pk", flat=True)
    )


# ---------------------------------------------------------------- what suppliers' files meet


def test_the_agreement_for_files_covers_all_their_categories(supplier_catalogues, loaded):
    mapped = {each.file_category: each for each in CategoryMapping.objects.select_related("lot__agreement", "category")}
    found = {fold(category) for category in categories_in(supplier_catalogues)}

    assert len(found) == 12
    assert found <= mapped.keys()
    lots = {mapped[category].lot for category in found}
    assert {lot.agreement.code for lot in lots} == {AGREEMENT_CODE}
    assert all(lot.delivery_cantons for lot in lots)
    held = Adjudication.objects.filter(supplier__ruc=SUPPLIER_RUC, lot__in=lots)
    assert {adjudication.lot for adjudication in held if adjudication.is_in_force(loaded.date())} == lots


def categories_in(folder) -> set[str]:
    found = set()
    for name, encoding, delimiter, column in (
        ("hp_400.csv", "utf-8", ",", "category"),
        ("epson_300_es_semicolon_cp1252.csv", "cp1252", ";", "categoria"),
        ("startech_300_utf8bom_tab.tsv", "utf-8-sig", "\t", "category"),
    ):
        with (folder / name).open(encoding=encoding, newline="") as file:
            found |= {row[column] for row in DictReader(file, delimiter=delimiter)}
    header, *rows = load_workbook(folder / "lexmark_150.xlsx", read_only=True).worksheets[0].iter_rows(values_only=True)
    return found | {row[header.index("category")] for row in rows}


# ---------------------------------------------------------------- a little life


def test_requisitions_and_orders_stand_in_different_states():
    hospital = Entity.objects.get(ruc=ENTITY_RUC)

    assert set(Requisition.objects.filter(entity=hospital).values_list("status", flat=True)) == {
        "in_approval",
        "returned",
        "approved",
    }
    assert set(Order.objects.filter(entity=hospital).values_list("status", flat=True)) == {
        "issued", "accepted", "rejected", "in_delivery", "partially_received", "received", "liquidated", "cancelled",
    }  # fmt: skip
    assert not Requisition.objects.exclude(entity=hospital).exists()


def test_every_entity_has_money_and_one_certificate_is_all_but_used_up():
    lefts = {certificate: certificate.amount.left / certificate.amount.limit for certificate in all_certificates()}

    assert {certificate.entity_id for certificate in lefts} == set(Entity.objects.values_list("pk", flat=True))
    assert [certificate.budget_line for certificate, left in lefts.items() if left < 0.05] == ["53.08.05"]
    assert all(left > 0.9 for certificate, left in lefts.items() if certificate.budget_line != "53.08.05")


def all_certificates():
    return BudgetCertificate.objects.select_related("amount")


def test_what_is_taken_is_what_the_ledger_says():
    taken = Limit.objects.annotate(sum_of_entries=Sum("entries__quantity")).exclude(taken=0)

    assert taken.exists()
    assert not taken.exclude(sum_of_entries=F("taken")).exists()


# ---------------------------------------------------------------- loading again


def test_a_second_load_says_so_and_changes_nothing(loaded, capsys):
    before = RowVersion.objects.count(), Event.objects.count()

    call_command("demo_load", listings=50, seed=9)

    assert len(capsys.readouterr().out.splitlines()) == 1
    assert not demo_load(listings=50, seed=9, at=loaded, say=pytest.fail)
    assert (RowVersion.objects.count(), Event.objects.count()) == before


def test_refuses_to_load_nothing(capsys):
    with pytest.raises(SystemExit) as end:
        call_command("demo_load", listings=0)

    assert end.value.code == 2
    assert capsys.readouterr().err == "Pida una oferta o más.\n"


def test_an_approver_is_away_and_a_colleague_decides(loaded):
    delegation = Delegation.objects.in_force(loaded.date()).get()

    assert delegation.principal.user.email.startswith("aprobador2@")
    assert delegation.delegate.user.email.startswith("financiero@")
    waiting = [set(requisitions_to_decide(each, loaded)) for each in (delegation.principal, delegation.delegate)]
    assert waiting[0] == waiting[1] != set()


@pytest.mark.feature("SF-3")
def test_a_list_and_a_shared_cart_wait(loaded):
    kept = {each.name: (each.kind, each.lines.count(), each.shared_with) for each in PurchaseList.objects.all()}

    assert [kind for kind, _count, _shared in kept.values()].count("list") == 1
    assert [shared.user.first_name for _kind, _count, shared in kept.values() if shared] == ["Carmita"]
    assert all(count > 0 for _kind, count, _shared in kept.values())
