"""A sheet for a place and a quantity: what each offer comes to there, and why the others cannot be had."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import activate

from marketplace.kernel.errors import sentence_for
from marketplace.registry.places import cantons, cantons_of
from tests.answers import SIGN_IN

ZAMORA, LOJA = "1901", "1101"


@pytest.fixture
def offers_of_paper(listing_factory, item_factory, product_factory):
    """`offers(name=dict(…))`: one sheet of reams, each offer with its supplier's name."""

    def offers(**listings):
        product = product_factory(base_unit="RM", title="Resma de papel bond")
        made = {
            name: listing_factory(adjudicated_item=item_factory(product=product, adjudication__supplier__name=name), **values)
            for name, values in listings.items()
        }
        return product, made

    return offers


@pytest.fixture
def sheet(client):
    """The sheet's page as a visitor asks for it: `sheet(product, canton="1901", cantidad="500")`."""
    return lambda product, **asked: client.get(product.get_absolute_url(), asked)


def open_(page) -> list[tuple[str, int, Decimal]]:
    return [(quote.offer.supplier_name, quote.quantity, quote.totals.gross) for quote in page.context["offers"].open]


@pytest.mark.feature("SF-10")
def test_a_buyer_in_zamora_sees_who_delivers_there_and_why_the_others_do_not(sheet, offers_of_paper):
    product, made = offers_of_paper(
        Zamorana={"delivery_cantons": [ZAMORA], "price": Decimal("3.00")},
        Lojana={"delivery_cantons": cantons_of("11"), "price": Decimal("2.00")},
        Corta={"stock_left": Decimal(9), "price": Decimal("2.50")},
        Mayorista={"minimum_quantity": 50, "price": Decimal("2.60")},
    )

    page = sheet(product, canton=ZAMORA, cantidad="10")

    assert open_(page) == [("Zamorana", 10, Decimal("34.50"))]
    assert [(title, [closed.offer.pk for closed in group]) for title, group in page.context["offers"].closed_groups] == [
        ("No entregan en Zamora (Zamora Chinchipe)", [made["Lojana"].pk]),
        ("No alcanza lo que queda", [made["Corta"].pk]),
        ("Se venden desde una cantidad mayor", [made["Mayorista"].pk]),
    ]
    words = {"supplier": "Lojana", "name": product.title, "canton": cantons()[ZAMORA]}
    assert sentence_for("does_not_deliver", **words) in page.content.decode()


@pytest.mark.feature("SF-10")
def test_the_same_sheet_in_loja_says_otherwise(sheet, offers_of_paper):
    product, _ = offers_of_paper(
        Zamorana={"delivery_cantons": [ZAMORA]}, Lojana={"delivery_cantons": cantons_of("11"), "price": Decimal("2.00")}
    )

    assert open_(sheet(product, canton=LOJA, cantidad="10")) == [("Lojana", 10, Decimal("23.00"))]


@pytest.mark.feature("SF-1")
@pytest.mark.feature("SF-10")
def test_a_quantity_of_base_units_is_sold_in_whole_packs(sheet, offers_of_paper):
    """The rule puts the cheaper ream first; for 501 of them the other comes to less, and is marked."""
    product, made = offers_of_paper(
        Cajas={"sales_unit": "XBX", "pack_factor": 500, "price": Decimal("1000.00"), "vat_category": "Z"},
        Sueltas={"price": Decimal("2.10"), "stock_left": Decimal(1000)},
    )

    page = sheet(product, cantidad="501")

    assert open_(page) == [("Cajas", 2, Decimal("2000.00")), ("Sueltas", 501, Decimal("1209.92"))]
    assert page.context["offers"].lowest_total.offer.pk == made["Sueltas"].pk
    text = page.content.decode()
    assert "2 cajas × 500 resmas = 1.000 resmas" in text
    assert "Menor total para esta cantidad" in text
    assert "Total con IVA y flete" in text and "El flete está incluido en cada precio" in text


@pytest.mark.feature("SF-1")
def test_without_a_quantity_each_offer_is_asked_its_own_least(sheet, offers_of_paper):
    product, _ = offers_of_paper(Mayorista={"minimum_quantity": 50, "price": Decimal("2.00")})

    page = sheet(product)

    assert open_(page) == [("Mayorista", 50, Decimal("115.00"))]
    assert page.context["offers"].lowest_total is None


@pytest.mark.parametrize("quantity", ["0", "-1", "1,5", "dos", "1000001", "9" * 400, "\x00"])
def test_a_quantity_that_is_none_is_said_and_counts_as_unsaid(sheet, offers_of_paper, quantity):
    product, _ = offers_of_paper(Papelera={})

    page = sheet(product, cantidad=quantity)

    assert (page.status_code, list(page.context["asked"].errors)) == (200, ["cantidad"])
    assert open_(page) == [("Papelera", 1, Decimal("3.59"))]


def test_offers_that_cannot_be_had_come_page_by_page_as_well(sheet, offers_of_paper, monkeypatch):
    monkeypatch.setattr("marketplace.shop.catalogue.views.OFFERS_ON_A_PAGE", 2)
    short = {f"Corta {n}": {"stock_left": Decimal(n)} for n in (1, 2)}
    product, _ = offers_of_paper(Papelera={}, Mayorista={"minimum_quantity": 50}, **short)

    first, second = sheet(product, cantidad="10"), sheet(product, cantidad="10", cerradas="2")

    assert [[closed.offer.supplier_name for _why, closed in page.context["closed_page"]] for page in (first, second)] == [
        ["Mayorista", "Corta 1"],
        ["Corta 2"],
    ]
    assert 'href="?cantidad=10&amp;cerradas=2#ofertas" rel="next"' in first.text
    assert [page.context["shows_closed"] for page in (first, second)] == [False, True]


# ---------------------------------------------------------------- the place, chosen once
@pytest.fixture
def buyer(client, requester):
    client.force_login(requester.user, backend=SIGN_IN)
    return client


def place_of(client, product) -> str:
    return client.get(product.get_absolute_url()).context["canton"]


@pytest.mark.feature("SF-10")
def test_begins_where_the_entity_is_and_keeps_what_is_chosen(buyer, product_factory):
    product = product_factory()
    assert place_of(buyer, product) == LOJA

    buyer.get(product.get_absolute_url(), {"canton": ZAMORA})

    assert place_of(buyer, product) == ZAMORA
    assert buyer.get(reverse("basket:summary")).context["canton"] == ZAMORA
    assert buyer.get(reverse("search:results")).context["asked"].canton == ZAMORA


@pytest.mark.feature("SF-10")
def test_is_chosen_in_the_header_and_leads_back(buyer, product_factory):
    product = product_factory()
    here = product.get_absolute_url()

    answer = buyer.post(reverse("search:delivery"), {"canton": ZAMORA, "next": here})

    assert (answer.status_code, answer.url, place_of(buyer, product)) == (302, here, ZAMORA)


def test_a_page_elsewhere_is_not_led_to(client, db):
    answer = client.post(reverse("search:delivery"), {"canton": ZAMORA, "next": "https://otro.ec/"})

    assert answer.url == reverse("search:landing")


def test_anywhere_is_a_choice_too(buyer, product_factory):
    product = product_factory()
    buyer.post(reverse("search:delivery"), {"canton": ""})

    assert place_of(buyer, product) == ""


def test_what_was_chosen_in_another_role_does_not_hold(client, requester, membership_factory, product_factory):
    """The same browser, another person."""
    product = product_factory()
    client.cookies["canton"] = f"{membership_factory().id_public}.{ZAMORA}"
    client.force_login(requester.user, backend=SIGN_IN)

    assert place_of(client, product) == LOJA


@pytest.mark.parametrize("cookie", ["", ".", ".9999", "x.1901", "1901", ".\x00"])
def test_a_cookie_that_nobody_set_is_not_believed(client, product_factory, cookie):
    product = product_factory()
    client.cookies["canton"] = cookie

    assert place_of(client, product) == ""


def test_results_and_shelves_show_what_goes_to_the_place(
    client, category_factory, listing_factory, product_factory, settings, tmp_path
):
    settings.SEARCH_ENGINE, settings.SEARCH_FOLDER = "tantivy", tmp_path  # without an index: PostgreSQL answers
    shelf = category_factory()
    for canton, title in ((LOJA, "Papel de Loja"), (ZAMORA, "Papel de Zamora")):
        product = product_factory(title=title, categories=[shelf])
        listing_factory(adjudicated_item__product=product, delivery_cantons=[canton])
    client.post(reverse("search:delivery"), {"canton": ZAMORA})

    for path in (reverse("search:results"), shelf.get_absolute_url()):
        activate("es")
        text = client.get(path).content.decode()
        assert ("Papel de Zamora" in text, "Papel de Loja" in text) == (True, False)


@pytest.mark.feature("SF-1")
def test_every_offer_of_many_is_reached_page_by_page_the_best_first(client, product_factory, item_factory, listing_factory):
    sheet = product_factory()
    for cents in range(45):
        listing_factory(adjudicated_item=item_factory(product=sheet), price=Decimal(300 + cents) / 100)

    shown, address = [], f"{sheet.get_absolute_url()}?canton=&cantidad=3"
    pages = []
    while address:
        page = client.get(address)
        pages.append([quote.offer.price for quote in page.context["open_page"]])
        shown += pages[-1]
        next_url = page.context["open_page"].next_url
        address = f"{sheet.get_absolute_url()}{next_url.partition('#')[0]}" if next_url else ""

    assert [len(each) for each in pages] == [20, 20, 5]
    assert shown == [Decimal(300 + cents) / 100 for cents in range(45)]
    assert page.content.count(b"row--best") == 0
    assert page.context["offers"].base_units == 3
