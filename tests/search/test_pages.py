"""The catalogue's front as people see it, over a real index; in English, whose words are those of the source."""

import csv
import re
from datetime import date
from decimal import Decimal
from html import unescape
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils.translation import override

from search import selectors
from search.engines.elasticsearch import ElasticsearchEngine
from search.services import search_rebuild

TODAY = date(2026, 11, 23)
RESULTS = "/en/catalogo/buscar/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    for module in ("search.views", "search.selectors"):
        monkeypatch.setattr(f"{module}.localdate", lambda: TODAY)


@pytest.fixture
def shelf(category_factory):
    office = category_factory(name="Oficina", slug="oficina", drawing="archivador")
    return category_factory(name="Hojas", slug="papel", parent=office, drawing="resma")


@pytest.fixture
def listed(listing_factory, tantivy_engine, shelf):
    """Puts sheets on sale and into the index."""

    def make(*sheets):
        made = []
        for title, values in sheets:
            product = {"categories": [shelf], "brand": values.pop("brand", "")} | values.pop("product", {})
            product = {f"adjudicated_item__product__{name}": value for name, value in product.items()}
            made.append(listing_factory(adjudicated_item__product__title=title, **product, **values))
        search_rebuild(engine=tantivy_engine, on=TODAY)
        return made

    return make


def page(client, path=RESULTS, **query):
    response = client.get(path, query)
    assert response.status_code == 200
    return unescape(response.content.decode())


def titles(text):
    return re.findall(r'<article.*?<h3><a href="[^"]+">([^<]+)</a>', text, re.DOTALL)


def chips(text):
    """What each says, and where taking it away leads."""
    found = re.findall(r'<a class="chip" href="([^"]*)">([^<]+)<', text)
    return {label: parse_qs(urlsplit(url).query) for url, label in found}


def counts(text, name):
    """The values of a facet with their numbers."""
    box = rf'<input class="form-check-input" type="checkbox" id="[^"]+" name="{name}" value="([^"]*)"( checked| disabled)?>'
    pattern = rf'{box}.*?class="count">([\d.,]+)<'
    return {value: (int(count), state.strip()) for value, state, count in re.findall(pattern, text)}


def sign_in(client, membership):
    client.force_login(membership.user)


# ---------------------------------------------------------------- finding


def test_shows_what_was_found(client, listed):
    [listing] = listed(("Resma de papel A4", {"price": Decimal("31.20"), "pack_factor": 10, "sales_unit": "XBX", "brand": "Xerox"}))
    text = page(client, q="resmas a4")

    assert titles(text) == ["Resma de papel A4"]
    assert "1 result for «resmas a4»" in text
    assert listing.product.get_absolute_url() in text
    assert "3.12" in text and "1 offer · 3 days" in text and listing.product.code in text and listing.pack in text
    assert 'href="/static/art.svg#resma"' in text


@pytest.mark.feature("SE-1")
def test_says_what_was_corrected_and_how_to_search_exactly(client, listed):
    listed(("Resma de papel A4", {}))
    text = page(client, q="rezma a4", orden="precio")
    assert "We show «resma a4» because «rezma a4» has no results." in text
    exact = re.search(r'<a href="(\?[^"]*exacto=1[^"]*)">', text).group(1)

    text = page(client, RESULTS + exact)
    assert "No product matches «rezma a4»" in text


def test_chosen_values_of_a_facet_add_up_and_are_taken_away_one_by_one(client, listed):
    listed(
        ("Papel A", {"brand": "Uno"}), ("Papel B", {"brand": "Uno"}), ("Papel C", {"brand": "Dos"}),
        ("Papel D", {"brand": "Tres", "price": Decimal(9)}), ("Cartón", {"brand": "Dos"}),
    )  # fmt: skip
    one = page(client, q="papel", marca="Uno", orden="nombre")
    assert titles(one) == ["Papel A", "Papel B"]
    assert counts(one, "marca") == {"Uno": (2, "checked"), "Dos": (1, ""), "Tres": (1, "")}

    both = client.get(RESULTS, {"q": "papel", "marca": ["Uno", "Dos"], "orden": "nombre"})
    both = unescape(both.content.decode())
    assert titles(both) == ["Papel A", "Papel B", "Papel C"]
    assert chips(both) == {
        "Uno": {"q": ["papel"], "marca": ["Dos"], "orden": ["nombre"]},
        "Dos": {"q": ["papel"], "marca": ["Uno"], "orden": ["nombre"]},
    }
    assert "Remove all 2" in both


def test_what_would_give_nothing_is_grey(client, listed):
    listed(("Papel A", {"brand": "Uno"}), ("Papel D", {"brand": "Tres", "price": Decimal(9)}))
    text = page(client, q="papel", precio="5-20")
    assert titles(text) == ["Papel D"]
    assert counts(text, "marca") == {"Tres": (1, ""), "Uno": (0, "disabled")}
    assert counts(text, "precio") == {"1-5": (1, ""), "5-20": (1, "checked")}


def test_a_chosen_value_that_gives_nothing_can_be_taken_away(client, listed):
    listed(("Papel A", {"brand": "Uno"}))
    text = page(client, q="papel", marca="Otra")
    assert titles(text) == []
    assert counts(text, "marca") == {"Uno": (1, ""), "Otra": (0, "checked")}
    assert chips(text) == {"Otra": {"q": ["papel"]}}


def test_the_form_keeps_words_and_order(client, listed):
    listed(("Papel A", {}))
    text = page(client, q="papel", orden="precio", pagina="1", marca="Uno")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))
    assert hidden == {"q": "papel", "orden": "precio"}


def test_shelves_open_along_the_way(client, listed, category_factory, shelf):
    category_factory(name="Vacía", slug="vacia")
    listed(("Papel A", {}))
    assert list(counts(page(client, q="papel"), "categoria")) == ["oficina"]
    opened = page(client, q="papel", categoria="oficina")
    assert counts(opened, "categoria") == {"oficina": (1, "checked"), "papel": (1, "")}
    assert '<ul class="nested">' in opened
    deeper = page(client, q="papel", categoria="papel")
    assert counts(deeper, "categoria") == {"oficina": (1, ""), "papel": (1, "checked")}


def test_suppliers_have_names(client, listed):
    [listing] = listed(("Papel A", {}))
    text = page(client, proveedor=listing.supplier.ruc)
    assert listing.supplier.name in chips(text)
    assert counts(text, "proveedor") == {listing.supplier.ruc: (1, "checked")}
    assert titles(page(client, proveedor="9999999999001")) == []


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        ("2,90", "", ["B"]),
        ("", "2.9", ["A"]),
        ("1", "3,12", ["A", "B"]),
        ("3,12", "1", ["A", "B"]),
        ("10", "3", ["B"]),
        ("x", "", ["A", "B"]),
    ],
)
def test_prices_are_typed_as_people_do(client, listed, low, high, found):
    listed(("A", {"price": Decimal("2.80")}), ("B", {"price": Decimal("3.12")}))
    assert titles(page(client, **{"precio.min": low, "precio.max": high})) == found


def test_bounds_are_one_chip(client, listed):
    listed(("A", {}))
    assert chips(page(client, **{"precio.min": "1", "precio.max": "3.5"})) == {"From USD 1.00 to 3.50": {}}
    assert chips(page(client, **{"precio.min": "3.5", "precio.max": "1"})) == {"From USD 1.00 to 3.50": {}}
    assert "Up to USD 9.00" in chips(page(client, **{"precio.max": "9"}))
    assert "From USD 1.00 on" in chips(page(client, **{"precio.min": "1"}))


# ---------------------------------------------------------------- place


@pytest.mark.feature("SF-10")
def test_delivers_where_the_persons_entity_is(client, listed, requester):
    listed(
        ("Papel de Loja", {"delivery_cantons": ["1101"]}), ("Papel de Cuenca", {"delivery_cantons": ["0101"], "price": Decimal(2)})
    )
    sign_in(client, requester)
    text = page(client, q="papel")
    assert titles(text) == ["Papel de Loja"]
    assert chips(text) == {"Delivered in Loja (Loja)": {"q": ["papel"]}}
    assert "1 offer · 3 days to Loja" in text
    assert len(titles(page(client, q="papel", canton=""))) == 2
    assert titles(page(client, q="papel", canton="0101")) == ["Papel de Cuenca"]


def test_a_place_in_the_address_is_that_of_the_head_at_once_and_what_is_none_changes_nothing(client, listed):
    listed(("Papel", {"delivery_cantons": ["1101"]}))

    assert client.get(RESULTS, {"canton": "1101"}).context["frame"].delivery_canton == "Loja"
    before = client.cookies["canton"].value
    page(client, canton="9999")
    assert client.cookies["canton"].value == before


def test_cantons_say_how_many_go_there(client, listed):
    listed(("A", {"delivery_cantons": ["1101"]}), ("B", {"delivery_cantons": ["1101", "0101"]}))
    text = page(client, canton="0101")
    assert '<option value="1101">Loja (Loja) · 2</option>' in text
    assert '<option value="0101" selected>Cuenca (Azuay) · 1</option>' in text
    assert '<option value="0901" disabled>Guayaquil (Guayas) · 0</option>' in text


def test_the_offer_shown_is_that_of_the_place(client, listed, listing_factory, tantivy_engine):
    [wide] = listed(("Papel", {"price": Decimal("3.00")}))
    listing_factory(adjudicated_item__product=wide.product, price=Decimal("2.00"), delivery_cantons=["0101"], lead_time_days=9)
    search_rebuild(engine=tantivy_engine, on=TODAY)
    assert "2 offers · 9 days" in page(client)
    assert "1 offer · 3 days to Loja" in page(client, canton="1101")


# ---------------------------------------------------------------- pages and order


@pytest.mark.budget("P2")
@pytest.mark.parametrize("query", [{"orden": "nombre"}, {"q": "papel"}, {"orden": "precio", "q": "papel"}])
def test_pages_say_where_one_is_and_keep_the_rest(client, listed, query):
    listed(*((f"Papel {number:02d}", {}) for number in range(60)))
    names = [f"Papel {number:02d}" for number in range(60)]
    seen, text = [], page(client, **query)
    while True:
        seen.append(titles(text))
        following = re.search(r'href="(\?[^"]+)" rel="next"', text)
        if not following:
            break
        text = page(client, RESULTS + following.group(1))
    assert seen == [names[:24], names[24:48], names[48:]]
    assert "49–60 of 60" in text and chips(text) == {}

    before = page(client, RESULTS + re.search(r'href="(\?[^"]+)" rel="prev"', text).group(1))
    assert titles(before) == names[24:48] and "25–48 of 60" in before
    assert titles(page(client, RESULTS + re.search(r'href="(\?[^"]+)" rel="prev"', before).group(1))) == names[:24]
    assert titles(page(client, pagina="3", **query)) == names[48:]


def test_sorts(client, listed):
    listed(("Papel B", {"price": Decimal(1)}), ("Papel A", {"price": Decimal(2)}))
    assert titles(page(client, orden="precio")) == ["Papel B", "Papel A"]
    assert titles(page(client, orden="nombre")) == titles(page(client)) == ["Papel A", "Papel B"]
    assert re.findall(r'aria-current="true">(\w+)<', page(client, q="papel")) == ["Relevance"]
    assert "Relevance" not in page(client)


@pytest.mark.parametrize(
    "query",
    [
        {"pagina": "abc"}, {"pagina": "-1"}, {"pagina": "0"}, {"pagina": "٣"}, {"pagina": "9" * 40}, {"canton": "9999"},
        {"categoria": "no-hay"}, {"precio": "1-99"}, {"precio.min": "-5"}, {"precio.max": "9" * 300}, {"precio.min": "."},
        {"precio.min": "-"}, {"desde": "x"}, {"desde": "1~2~3", "hasta": "-1~~"}, {"hasta": "1~2~"},
        {"orden": "x"}, {"proveedor": "' OR 1"}, {"marca": "\0"}, {"q": "\0"}, {"q": "a" * 5000},
        {"q": "\"papel' AND (*:* OR ~ /x/ [a TO b]"}, {"q": "%_\\"},
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_error(client, listed, query):
    listed(("Papel A", {}))
    text = page(client, **query)
    assert len(re.findall("<h1[ >]", text)) == 1
    assert set(titles(text)) <= {"Papel A"}


def test_a_page_beyond_the_last_shows_nothing(client, listed):
    listed(("Papel A", {}))
    assert titles(page(client, pagina="7")) == []


# ---------------------------------------------------------------- cards


def test_marks_an_agreement_that_ends_soon(client, listed, listing_factory):
    ends = {"valid_until": date(2026, 12, 14)}
    agreement = {f"adjudicated_item__adjudication__lot__agreement__{name}": value for name, value in ends.items()}
    listed(("Papel que se acaba", agreement), ("Papel de siempre", {}))
    text = page(client, orden="nombre")
    assert text.count("Agreement ends in 21 days") == 1
    assert text.index("Agreement ends") > text.index("Papel de siempre")


def test_only_requesters_can_add(client, listed, requester, approver):
    [listing] = listed(("Papel A", {"minimum_quantity": 5}))
    with override("en"):
        add = f'action="{reverse("basket:add")}"'
    assert add not in page(client)
    sign_in(client, approver)
    assert add not in page(client)
    sign_in(client, requester)
    text = page(client)
    assert add in text
    assert f'name="listing" value="{listing.id_public}"' in text
    assert 'name="quantity" value="5"' in text


def test_shows_the_first_attributes(client, listed):
    from marketplace.shop.catalogue.models import AttributeOption, AttributeOptionGroup, ProductAttribute, ProductAttributeValue

    [listing] = listed(("Papel A", {}))
    group = AttributeOptionGroup.objects.create(name="Color")
    white = AttributeOption.objects.create(group=group, option="blanco")
    for code, kind, value in (
        ("gramaje", "integer", {"value_integer": 75}), ("reciclado", "boolean", {"value_boolean": True}),
        ("color", "option", {"value_option": white}), ("medida", "text", {"value_text": "A4"}),
    ):  # fmt: skip
        attribute = ProductAttribute.objects.create(
            code=code, name=code.title(), type=kind, option_group=group if kind == "option" else None
        )
        ProductAttributeValue.objects.create(product=listing.product, attribute=attribute, **value)
    assert "Gramaje: 75 · Reciclado · blanco<" in page(client)


# ---------------------------------------------------------------- nothing found


def links(text):
    """Where the links of the page lead, its frame apart."""
    [main] = re.findall(r"<main.*</main>", text, re.DOTALL)
    return set(re.findall(r'<a [^>]*href="([^"]+)"', main))


def test_nothing_found_shows_ways_on(client, listed):
    listed(("Papel bond", {}), ("Papel kraft", {}))
    text = page(client, q="papel tomografo")
    assert "No product matches «papel tomografo»" in text
    assert "With some of the words: 2 products" in text
    ways = links(text) - {"/en/"}
    assert f"{RESULTS}?q=papel+tomografo&algunas=1" in ways and "/en/catalogo/c/papel/" in ways and "/en/catalogo/" in ways
    assert {way: client.get(way).status_code for way in ways} == dict.fromkeys(ways, 200)
    assert len(titles(page(client, q="papel tomografo", algunas="1"))) == 2


@pytest.mark.parametrize(
    ("words", "suggests"), [("tomografo 500", False), ("500 tomografos", False), ("papel 900", True), ("900", False)]
)
def test_suggests_a_shelf_only_for_a_word(client, listed, words, suggests):
    """Not because a number that was typed stands somewhere («amoxicilina 500»)."""
    listed(("Papel bond, 500 hojas", {}))
    text = page(client, q=words)
    assert "No product matches" in text
    assert ("/en/catalogo/c/papel/" in links(text)) is suggests


@pytest.mark.feature("SE-1")
@pytest.mark.parametrize("order", [{}, {"orden": "precio"}, {"orden": "nombre"}])
def test_a_thing_that_is_named_leaves_out_the_rest_of_its_shelf(client, listed, category_factory, order):
    brooms = category_factory(name="Escobas y trapeadores", slug="escobas")
    listed(*((title, {"product": {"categories": [brooms]}}) for title in ("Escoba suave", "Balde", "Trapeador")), ("Papel", {}))
    assert titles(page(client, q="escobas", **order)) == ["Escoba suave"]
    assert titles(page(client, q="escobas", precio="500-", **order)) == []
    assert counts(page(client, q="escobas", **order), "categoria") == {"escobas": (1, "")}


def test_an_agreements_code_finds_its_sheets(client, listed):
    listing, _other = listed(
        ("Papel A", {"adjudicated_item__adjudication__lot__agreement__code": "CM-UNO"}),
        ("Papel B", {"adjudicated_item__adjudication__lot__agreement__code": "CM-DOS"}),
    )
    assert titles(page(client, q=listing.agreement.code.lower())) == ["Papel A"]


def test_nothing_found_because_of_filters(client, listed):
    listed(("Papel bond", {"delivery_cantons": ["0101"]}))
    text = page(client, q="papel", canton="1101")
    assert "Without filters: 1 product" in text
    assert titles(page(client, f"{RESULTS}?q=papel")) == []  # the place is remembered
    assert titles(page(client, f"{RESULTS}?q=papel&canton=")) == ["Papel bond"]
    assert "?q=papel&canton=" in text


def test_an_empty_catalogue_is_no_error(client, listed):
    listed()
    assert "No product here" in page(client)
    assert "No agreement is in force" in page(client, "/en/catalogo/")


# ---------------------------------------------------------------- landing and shelves


def test_landing_shows_shelves_and_agreements(client, listed, category_factory):
    category_factory(name="Vacía", slug="vacia")
    [listing] = listed(("Papel A", {}))
    text = page(client, "/en/catalogo/")
    assert "1 product on sale" in text
    assert re.search(r'href="/en/catalogo/c/oficina/">Oficina</a><p[^>]*>1 product<', text)
    assert re.search(r'href="/en/catalogo/c/vacia/">Vacía</a><p[^>]*>0 products<', text)
    assert listing.agreement.name in text and listing.agreement.get_absolute_url() in text


def test_a_shelf_shows_what_stands_on_it_and_beneath(client, listed, shelf):
    listed(("Papel A", {}), ("Sin estante", {"product": {"categories": []}}))
    text = page(client, "/en/catalogo/c/oficina/")
    assert titles(text) == ["Papel A"]
    assert "<h1>Oficina</h1>" in text
    assert counts(text, "categoria") == {"papel": (1, "")}
    beneath = page(client, shelf.get_absolute_url())
    assert '<a href="/en/catalogo/c/oficina/">Oficina</a>' in beneath
    assert counts(beneath, "categoria") == {}
    assert client.get("/en/catalogo/c/no-hay/").status_code == 404


# ---------------------------------------------------------------- the engine is away


@pytest.mark.threat("F3")
def test_pages_say_when_the_engine_is_away_and_go_on(client, listed, monkeypatch, requester):
    listed(("Papel A", {"brand": "Uno"}), ("Resma", {}))
    monkeypatch.setattr(selectors, "engine", lambda: away)
    away = ElasticsearchEngine("http://127.0.0.1:9", "away")
    sign_in(client, requester)
    for path, query, found in (
        (RESULTS, {"q": "papel"}, ["Papel A"]), (RESULTS, {}, ["Papel A", "Resma"]), (RESULTS, {"marca": "Uno"}, ["Papel A"]),
        (RESULTS, {"q": "nada"}, []), ("/en/catalogo/c/papel/", {}, ["Papel A", "Resma"]), ("/en/catalogo/", {}, []),
    ):  # fmt: skip
        text = page(client, path, **query)
        assert "The search engine does not answer." in text
        assert titles(text) == found
    text = page(client, q="papel")
    assert reverse("basket:add") in text
    assert '<a href="/en/catalogo/c/oficina/">Oficina</a>' in text and "form-check-input" not in text
    assert '<option value="0101">Cuenca (Azuay)</option>' in text


# ---------------------------------------------------------------- the list as a file


def test_the_list_as_a_file(client, listed):
    [listing, _other] = listed(("=Papel A", {"brand": "Uno", "price": Decimal("3.125")}), ("Papel B", {}))
    response = client.get(RESULTS, {"q": "papel", "formato": "csv", "orden": "nombre"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    heads, first, second = csv.reader(StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";")
    row = dict(zip(heads, first, strict=True))
    assert row["Product"] == "'=Papel A" and row["Sheet code"] == listing.product.code
    assert row["Price per base unit, USD without VAT"].startswith("3,125")
    assert row["Supplier of the first offer"] == listing.supplier.name
    assert second[2] == "Papel B"


# ---------------------------------------------------------------- budgets


@pytest.mark.budget("P1")
@pytest.mark.parametrize(
    "path", [RESULTS, f"{RESULTS}?q=papel", f"{RESULTS}?q=papel&canton=1101&marca=Uno&precio=1-5", "/en/catalogo/c/oficina/"]
)
@pytest.mark.parametrize("role", ["", "requester"])
def test_costs_the_same_queries_for_four_times_the_sheets(client, listed, count_queries, requester, path, role):
    if role:
        sign_in(client, requester)
    listed(*((f"Papel {number}", {"brand": "Uno"}) for number in range(6)))
    client.get(path)
    at_few = count_queries(lambda: client.get(path))
    listed(*((f"Papel {number}", {"brand": "Uno"}) for number in range(6, 24)))
    assert count_queries(lambda: client.get(path)) == at_few
    assert len(titles(page(client, path))) == 24
    assert at_few <= 12


@pytest.mark.budget("P1")
def test_a_list_page_is_small(client, listed, requester):
    listed(*((f"Papel bond tamaño A4 de 75 gramos, tipo {number}", {"brand": f"Marca {number}"}) for number in range(40)))
    sign_in(client, requester)
    assert len(client.get(RESULTS, {"q": "papel"}).content) <= 75_000
    client.logout()
    assert len(client.get(RESULTS, {"q": "papel"}).content) <= 60_000
