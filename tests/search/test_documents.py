from datetime import date
from decimal import Decimal

import pytest
from django.utils.text import slugify

from marketplace.registry.places import cantons, cantons_of
from marketplace.shop.catalogue.models import AttributeOption, AttributeOptionGroup, ProductAttribute, ProductAttributeValue
from search.documents import entries_of, place_names, product_batches, sheets_on_sale
from search.words import compact

TODAY = date(2026, 11, 23)
LOJA, AZUAY = cantons_of("11"), cantons_of("01")


def by_place(product):
    """First place of each entry → what it says."""
    return {entry.places[0]: entry for entry in entries_of([product.pk], on=TODAY)}


def test_one_entry_when_everything_goes_everywhere(listing_factory):
    listing = listing_factory(partner_sku="RZ-1", price=Decimal("31.20"), pack_factor=10)
    [entry] = entries_of([listing.product_id], on=TODAY)

    assert entry.places == ("any", "all")
    assert entry.suppliers == (listing.supplier.ruc,)
    assert (entry.price, entry.sku, entry.codes) == (
        Decimal("3.12"), "RZ-1", tuple(sorted(["rz1", compact(listing.agreement.code)])),
    )  # fmt: skip
    assert entry.sellers == listing.supplier.name


def test_places_with_the_same_offers_go_together(listing_factory, item_factory, product_factory):
    product = product_factory()
    wide = listing_factory(adjudicated_item=item_factory(product=product), price=Decimal("3.00"), partner_sku="ANCHO")
    near = listing_factory(
        adjudicated_item=item_factory(product=product), price=Decimal("2.00"), delivery_cantons=[*LOJA, "0101"], partner_sku="CERCA"
    )
    entries = by_place(product)

    assert set(entries) == {"any", "02"}
    assert entries["any"].places == ("any", "11", "0101")
    assert entries["any"].suppliers == tuple(sorted([wide.supplier.ruc, near.supplier.ruc]))
    assert (entries["any"].price, entries["any"].sku) == (Decimal("2"), "CERCA")
    assert (entries["02"].price, entries["02"].sku, entries["02"].suppliers) == (Decimal("3"), "ANCHO", (wide.supplier.ruc,))
    assert "0102" in entries["02"].places and "0101" not in entries["02"].places


def test_no_two_entries_of_a_sheet_share_a_place(listing_factory, item_factory, product_factory, lot_factory, adjudication_factory):
    product = product_factory()
    for coverage in (LOJA, AZUAY, [*LOJA, *AZUAY[:3]], ["1701"]):
        lot = lot_factory(delivery_cantons=coverage)
        listing_factory(adjudicated_item=item_factory(product=product, adjudication=adjudication_factory(lot=lot)))
    places = [place for entry in entries_of([product.pk], on=TODAY) for place in entry.places]

    assert len(places) == len(set(places))
    assert set(places) == {"any", "11", *AZUAY[:3], *AZUAY[3:], "1701"}


def test_nothing_of_what_is_not_on_sale(listing_factory, product_factory, supplier_factory, adjudication_factory, item_factory):
    suspended = adjudication_factory(supplier=supplier_factory(status="suspended"))
    ended = adjudication_factory(valid_until=TODAY)
    products = [
        product_factory().pk,
        listing_factory(status="withdrawn").product_id,
        listing_factory(adjudicated_item=item_factory(adjudication=suspended)).product_id,
        listing_factory(adjudicated_item=item_factory(adjudication=ended)).product_id,
        10**12,
    ]
    assert entries_of(products, on=TODAY) == []
    assert sheets_on_sale(TODAY) == 0


def test_what_a_sheet_is_found_by(listing_factory, item_factory, product_factory, category_factory):
    office = category_factory(name="Oficina")
    paper = category_factory(name="Papel", parent=office)
    product = product_factory(
        code="FN-000123-4", title="Papel bond A4, 75 g", description="<b>Blanco</b>", brand="Xerox", cpc_code="321290011",
        gtin="07861234567895", categories=[paper],
    )  # fmt: skip
    say(product, "color", value_text="marfil")
    say(product, "acabado", value_option="mate")
    say(product, "Gramaje (g)", value_integer=75)
    say(product, "Grosor (mm)", value_float=0.1)
    listing_factory(adjudicated_item=item_factory(product=product))
    sheet = entries_of([product.pk], on=TODAY)[0].sheet

    assert sheet.title == "Papel bond A4, 75g"
    assert sheet.name == "Papel bond A4, 75 g"
    assert sheet.description == "Blanco · marfil · mate"
    assert sheet.figures == "Gramaje (g) 75 · Grosor (mm) 0.1"
    assert sheet.categories == "Oficina · Papel"
    assert sheet.category_ids == (office.pk, paper.pk)
    assert set(sheet.codes) == {
        "fn0001234", "fn000123", "000123", "32129", "321290", "3212900", "32129001", "321290011", "7861234567895", "a4", "75g",
    }  # fmt: skip


def say(product, name, *, value_option=None, **value):
    code = slugify(name)
    group = AttributeOptionGroup.objects.create(name=code) if value_option else None
    option = AttributeOption.objects.create(group=group, option=value_option) if value_option else None
    kind = "option" if option else next(iter(value)).removeprefix("value_")
    attribute = ProductAttribute.objects.create(code=code, name=name, type=kind, option_group=group)
    ProductAttributeValue.objects.create(product=product, attribute=attribute, value_option=option, **value)


def test_place_names_are_few():
    assert place_names(frozenset(cantons())) == ("all",)
    assert place_names(frozenset(LOJA)) == ("11",)
    assert place_names(frozenset([*LOJA, "0101", "0102"])) == ("11", "0101", "0102")
    assert place_names(frozenset(LOJA[1:])) == tuple(LOJA[1:])


@pytest.mark.budget("P14")
def test_costs_the_same_queries_for_four_times_the_sheets(listing_factory, category_factory, count_queries):
    shelf = category_factory(parent=category_factory())

    def sheets(number):
        return [listing_factory(adjudicated_item__product__categories=[shelf]).product_id for _ in range(number)]

    few, many = sheets(5), sheets(20)
    at_few = count_queries(lambda: entries_of(few, on=TODAY))
    assert count_queries(lambda: entries_of(many, on=TODAY)) == at_few == 6


def test_goes_through_all_sheets_in_batches(product_factory, monkeypatch):
    monkeypatch.setattr("search.documents.AT_ONCE", 2)
    keys = sorted(product_factory().pk for _ in range(5))
    assert list(product_batches()) == [keys[:2], keys[2:4], keys[4:]]
