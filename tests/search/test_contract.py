"""What both engines must answer alike: the same sheets for the same words, the same counts for the same choices."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from marketplace.kernel.text import sort_key
from marketplace.registry.places import cantons
from marketplace.shop.catalogue.models import Product
from search import corrections
from search.documents import Offer, entries, sheet_of
from search.facets import BRAND, CANTON, CATEGORY, FACETS, PRICE, SUPPLIER
from search.port import Cursor, Query, Reach, Sort
from search.selectors import ask

from .conftest import ENGINES, new_engine

COUNTRY = frozenset(cantons())
LOJA = frozenset(code for code in cantons() if code.startswith("11"))
AZUAY = frozenset(code for code in cantons() if code.startswith("01"))
QUITO = frozenset({"1701"})

ANDINA, SIERRA, COSTA = (
    ("0190000011001", "Andina S.A."),
    ("1190000022001", "Sierra Cía. Ltda."),
    ("0990000033001", "Papelera Costa"),
)

OFFICE, PAPER, INK, HEALTH, NAPPIES, COMPUTING = 1, 2, 3, 4, 5, 6
SHELVES = {OFFICE: "Oficina", PAPER: "Papel", INK: "Tintas", HEALTH: "Salud", NAPPIES: "Pañales", COMPUTING: "Computación"}


def offer(supplier, price, coverage=COUNTRY, sku="X"):
    return Offer(sku, Decimal(price), *supplier, coverage)


def sheet(key, title, shelves, offers, **values):
    product = Product(pk=key, code=f"FN-{key:06d}-{key % 10}", title=title, sort_key=sort_key(title), base_unit="EA", **values)
    offers.sort(key=lambda each: each.price)
    return list(entries(sheet_of(product, {shelf: SHELVES[shelf] for shelf in shelves}), offers))


REAM, RECYCLED, TRAY, PEN, TONER, LAPTOP, NAPPY, SPRAY, CLEANER, CASE, BOARD, CLOTH, GAS = range(1, 14)


def catalogue():
    sheets = [
        sheet(
            REAM, "Resma de papel bond A4 de 75 g/m²", [OFFICE, PAPER],
            [offer(ANDINA, "3.12", sku="RZ-00012"), offer(SIERRA, "2.95", LOJA, "SP 77-B"), offer(COSTA, "3.40", AZUAY)],
            cpc_code="321290011", gtin="07861234567895", brand="Xerox",
        ),
        sheet(
            RECYCLED, "Resma de papel reciclado A4 de 75g", [OFFICE, PAPER], [offer(SIERRA, "3.60", LOJA | QUITO)],
            cpc_code="321290012", brand="Reprograf",
        ),
        sheet(TRAY, "Bandeja metálica para papel", [OFFICE], [offer(COSTA, "12.50")], cpc_code="389110011"),
        sheet(PEN, "Esfero azul punta fina", [OFFICE], [offer(ANDINA, "0.28"), offer(COSTA, "0.25", QUITO)], brand="Bic"),
        sheet(TONER, "Tóner HP CF-258A para impresora láser", [OFFICE, INK], [offer(ANDINA, "98.00", LOJA)], brand="HP"),
        sheet(
            LAPTOP, "Computadora portátil de 14 pulgadas", [COMPUTING], [offer(COSTA, "740.00")],
            brand="HP", description="<p>Con disco duro de 512 GB</p>",
        ),
        sheet(NAPPY, "Pañal desechable para adulto, talla M", [HEALTH, NAPPIES], [offer(SIERRA, "0.62", AZUAY)]),
        sheet(SPRAY, "Salbutamol en aerosol 100 mcg", [HEALTH], [offer(ANDINA, "4.10")]),
        sheet(CLEANER, "Servicio de limpieza de oficinas", [], [offer(COSTA, "640.00", QUITO)]),
        sheet(CASE, "Caja archivadora N.º 15", [OFFICE], [offer(ANDINA, "1.00")]),
        sheet(BOARD, "Pizarra de tiza líquida", [OFFICE], [offer(ANDINA, "20.00"), offer(SIERRA, "19.00", LOJA)]),
        sheet(CLOTH, "Gasa estéril 10 × 10 cm", [HEALTH], [offer(ANDINA, "0.09")]),
        sheet(GAS, "Gas doméstico, cilindro de 15 kg", [], [offer(COSTA, "3.00")]),
    ]  # fmt: skip
    return [entry for made in sheets for entry in made]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, tmp_path_factory):
    engine = new_engine(request.param, request, tmp_path_factory.mktemp("index"))
    with engine.new_index() as new:
        new.add(catalogue())
        new.publish()
    return engine


def found(engine, words="", **filters):
    return set(engine.search(Query(words, size=50, **filters)).product_ids)


# ---------------------------------------------------------------- words


@pytest.mark.feature("SE-1")
@pytest.mark.parametrize(
    ("words", "sheets"),
    [
        ("resma papel bond", {REAM}),
        ("RESMA", {REAM, RECYCLED}),
        ("resmas de papel", {REAM, RECYCLED}),
        ("papel para la oficina", {REAM, RECYCLED, TRAY}),
        ("pañal", {NAPPY}),
        ("panal", {NAPPY}),
        ("PAÑALES", {NAPPY}),
        ("pan\u0303al", {NAPPY}),
        ("tóner", {TONER}),
        ("toner", {TONER}),
        ("tonér", {TONER}),
        ("esferos azules", {PEN}),
        ("metalico", {TRAY}),
        ("caja", {CASE}),
        ("cajas", {CASE}),
        ("gasa", {CLOTH}),
        ("gas", {GAS}),
        ("impresoras láseres", {TONER}),
        ("resma azul", set()),
        ("papel reciclada", {RECYCLED}),
        ("papelera costa", {TRAY, PEN, LAPTOP, CLEANER, GAS, REAM}),
        ("salud", {NAPPY, SPRAY, CLOTH}),
        ("servicio limpieza", {CLEANER}),
        ("…", set(range(REAM, GAS + 1))),
        ("", set(range(REAM, GAS + 1))),
        ("de la", set(range(REAM, GAS + 1))),
    ],
)
def test_words(engine, words, sheets):
    assert found(engine, words) == sheets


@pytest.mark.feature("SE-1")
@pytest.mark.parametrize(
    ("words", "sheets"),
    [
        ("bolígrafo", {PEN}),
        ("lapiceros azules", {PEN}),
        ("ordenador", {LAPTOP}),
        ("notebook", {LAPTOP}),
        ("cartucho de tóner hp", {TONER}),
        ("cartucho hp", set()),
        ("pañal talla mediana", {NAPPY}),
        ("hdd", {LAPTOP}),
        ("disco duro", {LAPTOP}),
        ("discos duros 512gb", {LAPTOP}),
        ("disco portátil", {LAPTOP}),
        ("aseo", {CLEANER}),
        ("albuterol", {SPRAY}),
    ],
)
def test_synonyms(engine, words, sheets):
    assert found(engine, words) == sheets


@pytest.mark.feature("SE-1")
@pytest.mark.parametrize(
    ("words", "sheets"),
    [
        ("FN-000001-1", {REAM}),
        ("fn0000011", {REAM}),
        ("321290011", {REAM}),
        ("32129", {REAM, RECYCLED}),
        ("07861234567895", {REAM}),
        ("7861234567895", {REAM}),
        ("RZ-00012", {REAM}),
        ("rz 00012", {REAM}),
        ("SP 77-B", {REAM}),
        ("CF258A", {TONER}),
        ("cf-258a", {TONER}),
        ("toner CF 258A", {TONER}),
        ("A4", {REAM, RECYCLED}),
        ("75g", {REAM, RECYCLED}),
        ("75 g", {REAM, RECYCLED}),
        ("75 g/m²", {REAM}),
        ("75g/m2", {REAM}),
        ("100 mcg", {SPRAY}),
        ("caja nº 15", {CASE}),
        ("xerox", {REAM}),
        ("resma xerox", {REAM}),
        ("hp", {TONER, LAPTOP}),
        ("000001", {REAM}),
        ("fn000001", {REAM}),
        ("FN-000001", {REAM}),
        ("fn 000001", {REAM}),
        ("1", set()),
    ],
)
def test_codes_units_and_brands(engine, words, sheets):
    assert found(engine, words) == sheets


@pytest.mark.feature("SE-1")
@pytest.mark.parametrize(
    ("words", "sheets"),
    [
        ("resma 75", {REAM, RECYCLED}),
        ("papel bond a4 75", {REAM}),
        ("resma 75 gramos", {REAM, RECYCLED}),
        ("resma 75gr", {REAM, RECYCLED}),
        ("resma 75 kg", set()),
        ("resma 7", set()),
        ("salbutamol 100", {SPRAY}),
        ("salbutamol 100 microgramos", {SPRAY}),
        ("laptop 512", {LAPTOP}),
        ("laptop 512 gigas", {LAPTOP}),
        ("laptop 14 pulg", {LAPTOP}),
        ("gas 15", {GAS}),
        ("gas 15 kilos", {GAS}),
        ("gas kilogramo", {GAS}),
        ("hp 258", {TONER}),
        ("gasa 10x10", {CLOTH}),
        ("gasa 10 x 10 centímetros", {CLOTH}),
        ("gasa 10 mm", set()),
    ],
)
def test_numbers_with_their_unit_and_without(engine, words, sheets):
    assert found(engine, words) == sheets


@pytest.mark.parametrize(
    ("words", "reach", "sheets"),
    [
        ("oficina", Reach.NAMED, {CLEANER}),
        ("oficina", Reach.ABOUT, set()),
        ("resma papel", Reach.ABOUT, {REAM, RECYCLED}),
        ("papel", Reach.NAMED, {REAM, RECYCLED, TRAY}),
        ("resma 75", Reach.ABOUT, {REAM, RECYCLED}),
        ("resma oficina", Reach.ABOUT, set()),
        ("esfero costa", Reach.NAMED, set()),
        ("notebook", Reach.ABOUT, set()),
        ("ordenador", Reach.ABOUT, {LAPTOP}),
        ("FN-000001-1", Reach.NAMED, {REAM}),
        ("", Reach.ABOUT, set(range(REAM, GAS + 1))),
    ],
)
def test_reach(engine, words, reach, sheets):
    assert found(engine, words, reach=reach) == sheets


@pytest.mark.feature("SE-1")
@pytest.mark.parametrize(
    ("words", "filters", "sheets"),
    [
        ("computadora", {}, {LAPTOP}),
        ("oficina", {}, {REAM, RECYCLED, TRAY, PEN, TONER, CASE, BOARD, CLEANER}),
        ("salud", {}, {NAPPY, SPRAY, CLOTH}),
        ("pañales", {}, {NAPPY}),
        ("papel de la oficina", {}, {REAM, RECYCLED, TRAY}),
        ("esfero costa", {}, {PEN}),
        ("caja costa", {}, set()),
        ("impresora hp", {}, {TONER}),
        ("tinta", {}, {TONER}),
        ("tinta 258", {}, {TONER}),
        ("gasa", {"brands": ("HP",)}, set()),
        ("resma", {"canton": "0901"}, {REAM}),
        ("hp 410", {}, set()),
    ],
)
def test_a_shelf_and_a_seller_count_where_nothing_is_named_so(engine, words, filters, sheets):
    """By the search of the pages, which decides how far words reach."""
    assert set(ask(engine, Query(words, size=50, **filters)).product_ids) == sheets


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ("rezma", "resma"),
        ("rezma A4", "resma A4"),
        ("limpiesa", "limpieza"),
        ("salvutamol", "salbutamol"),
        ("slabutamol", "salbutamol"),
        ("salbutamo", "salbutamol"),
        ("salbutamool", "salbutamol"),
        ("zalbutamol aerosol", "salbutamol aerosol"),
        ("resma recyclado", "resma reciclado"),
        ("imprezora lazer", "impresora laser"),
    ],
)
@pytest.mark.feature("SE-1")
def test_one_letter_wrong(engine, slip, words):
    """What no sheet has is likened to what sheets have; both engines propose the same words in the same order."""
    assert found(engine, slip) == set()
    similar = engine.similar_words(corrections.words_to_check(slip))
    assert next(corrections.corrected(slip, similar)) == words
    assert found(engine, words)


def test_words_that_are_known_under_another_name_are_not_corrected(engine):
    assert engine.similar_words(["boligrafo", "aseo", "inexistente"]) == {"inexistente": {}}


# ---------------------------------------------------------------- filters, at a place


@pytest.mark.feature("SF-10")
@pytest.mark.parametrize(
    ("filters", "sheets"),
    [
        ({"canton": "1101"}, {REAM, RECYCLED, TRAY, PEN, TONER, LAPTOP, SPRAY, CASE, BOARD, CLOTH, GAS}),
        ({"canton": "0101", "suppliers": (SIERRA[0],)}, {NAPPY}),
        ({"canton": "1701", "suppliers": (SIERRA[0],)}, {RECYCLED}),
        ({"suppliers": (SIERRA[0],)}, {REAM, RECYCLED, NAPPY, BOARD}),
        ({"suppliers": (SIERRA[0], COSTA[0])}, {REAM, RECYCLED, NAPPY, BOARD, TRAY, PEN, LAPTOP, CLEANER, GAS}),
        ({"price_until": Decimal("3")}, {REAM, PEN, NAPPY, CASE, CLOTH, GAS}),
        ({"price_until": Decimal("3"), "canton": "0101"}, {PEN, NAPPY, CASE, CLOTH, GAS}),
        ({"price_from": Decimal("3.12"), "price_until": Decimal("3.12"), "canton": "0101"}, {REAM}),
        ({"price_ranges": ("1-5",)}, {REAM, RECYCLED, SPRAY, CASE, GAS}),
        ({"price_ranges": ("1-5", "500-")}, {REAM, RECYCLED, SPRAY, CASE, GAS, LAPTOP, CLEANER}),
        ({"price_ranges": ("1-5",), "price_from": Decimal("3.5")}, {RECYCLED, SPRAY}),
        ({"brands": ("HP",)}, {TONER, LAPTOP}),
        ({"brands": ("HP", "Bic")}, {TONER, LAPTOP, PEN}),
        ({"categories": (PAPER, INK)}, {REAM, RECYCLED, TONER}),
        ({"within": OFFICE, "categories": (INK,)}, {TONER}),
        ({"within": OFFICE, "words": "papel", "canton": "1701"}, {REAM, RECYCLED, TRAY}),
        ({"canton": "1701", "suppliers": (COSTA[0],), "price_until": Decimal("0.26")}, {PEN}),
        ({"canton": "1101", "suppliers": (COSTA[0],), "price_until": Decimal("0.26")}, set()),
        ({"suppliers": ("9999999999001",)}, set()),
    ],
)
def test_filters(engine, filters, sheets):
    result = engine.search(Query(size=50, **filters))
    assert set(result.product_ids) == sheets
    assert result.total == len(sheets)


def counts(engine, facet, **query):
    return engine.search(Query(facets=FACETS, size=1, **query)).facets[facet]


@pytest.mark.feature("SE-2")
def test_counts_of_everything(engine):
    assert counts(engine, CATEGORY) == {"1": 7, "4": 3, "2": 2, "3": 1, "5": 1, "6": 1}
    assert counts(engine, SUPPLIER) == {ANDINA[0]: 7, COSTA[0]: 6, SIERRA[0]: 4}
    assert counts(engine, BRAND) == {"HP": 2, "Bic": 1, "Reprograf": 1, "Xerox": 1}
    assert counts(engine, PRICE) == {"-1": 3, "1-5": 5, "5-20": 2, "20-100": 1, "500-": 2}
    assert list(counts(engine, SUPPLIER)) == [ANDINA[0], COSTA[0], SIERRA[0]]


def test_cantons_count_what_is_delivered_there(engine):
    reached = counts(engine, CANTON)
    assert {code: reached[code] for code in ("1101", "1103", "1701", "0101", "0901")} == {
        "1101": 11, "1103": 11, "1701": 11, "0101": 10, "0901": 9,
    }  # fmt: skip
    assert counts(engine, CANTON, suppliers=(SIERRA[0],)) == {
        **dict.fromkeys(LOJA, 3), **dict.fromkeys(AZUAY | QUITO, 1),
    }  # fmt: skip


def test_a_facet_counts_what_each_further_value_would_give(engine):
    """What is chosen in a facet does not narrow that facet, and narrows all others."""
    chosen = {"words": "papel", "suppliers": (SIERRA[0],), "canton": "1101"}
    assert counts(engine, SUPPLIER, **chosen) == {SIERRA[0]: 2, ANDINA[0]: 1, COSTA[0]: 1}
    assert counts(engine, CATEGORY, **chosen) == {"1": 2, "2": 2}
    assert counts(engine, PRICE, **chosen) == {"1-5": 2}
    assert counts(engine, PRICE, words="resma bond", canton="0101") == {"1-5": 1}
    assert counts(engine, CANTON, words="reciclado", suppliers=(SIERRA[0],), canton="0101") == dict.fromkeys(
        sorted(LOJA | QUITO), 1
    )
    assert counts(engine, BRAND, brands=("HP",), price_until=Decimal(100)) == {"Bic": 1, "HP": 1, "Reprograf": 1, "Xerox": 1}
    assert counts(engine, CATEGORY, within=OFFICE, categories=(INK,)) == {"1": 7, "2": 2, "3": 1}


def test_counts_only_the_categories_asked_for(engine):
    assert counts(engine, CATEGORY, counted_categories=(PAPER, HEALTH)) == {"4": 3, "2": 2}
    assert counts(engine, CATEGORY, counted_categories=()) == {}


def test_the_first_offer_is_that_of_the_place(engine):
    def first(**query):
        hit = engine.search(Query("resma bond", **query)).hits[0]
        return hit.code, hit.sku, hit.title

    assert first() == ("FN-000001-1", "SP 77-B", "Resma de papel bond A4 de 75 g/m²")
    assert first(canton="0101")[1] == "RZ-00012"


# ---------------------------------------------------------------- order


def test_sorts_by_name_and_by_price(engine):
    assert engine.search(Query(within=OFFICE, sort=Sort.NAME)).product_ids == [TRAY, CASE, PEN, BOARD, REAM, RECYCLED, TONER]
    assert engine.search(Query(within=OFFICE)).product_ids == [TRAY, CASE, PEN, BOARD, REAM, RECYCLED, TONER]
    assert engine.search(Query(within=OFFICE, sort=Sort.PRICE)).product_ids == [PEN, CASE, REAM, RECYCLED, TRAY, BOARD, TONER]
    assert engine.search(Query(within=OFFICE, sort=Sort.PRICE, canton="1701", size=3)).product_ids == [PEN, CASE, REAM]


def test_what_is_named_comes_before_what_is_mentioned(engine):
    assert engine.search(Query("papel")).product_ids[-1] == TRAY
    assert engine.search(Query("papel a4")).product_ids == [REAM, RECYCLED]
    assert engine.search(Query("resma 75 g", size=1)).hits[0].score > engine.search(Query("resma 75", size=1)).hits[0].score
    assert engine.search(Query("FN-000002-2 ", sort=Sort.RELEVANCE)).product_ids == [RECYCLED]


def test_pages_follow_each_other(engine):
    all_at_once = engine.search(Query("papel oficina", size=50))
    pages = [engine.search(Query("papel oficina", offset=offset, size=2)) for offset in (0, 2, 4)]
    assert [product for page in pages for product in page.product_ids] == all_at_once.product_ids
    assert {page.total for page in pages} == {all_at_once.total}


@pytest.mark.budget("P2")
@pytest.mark.parametrize("sort", [Sort.NAME, Sort.PRICE])
@pytest.mark.parametrize("words", ["", "oficina"])
def test_pages_from_cursor_to_cursor_are_the_pages_by_number(engine, sort, words):
    """Forwards and back; every page by its cursor alone."""
    asked = Query(words, sort=sort, size=3)
    pages = [engine.search(replace(asked, offset=offset)).hits for offset in range(0, 15, 3)]
    full = [page for page in pages if page]
    assert {hit.score for page in full for hit in page} == {0.0}
    assert len(full) == (3 if words else 5)
    for before, after in pairwise(full):
        onwards = engine.search(replace(asked, cursor=cursor(before[-1]), offset=99))
        back = engine.search(replace(asked, cursor=cursor(after[0], is_backwards=True)))
        assert (onwards.hits, back.hits) == (after, before)
    assert engine.search(replace(asked, cursor=cursor(full[-1][-1]))).hits == ()
    assert engine.search(replace(asked, cursor=cursor(full[0][0], is_backwards=True))).hits == ()


def test_relevance_has_no_cursor(engine):
    first = engine.search(Query("papel", size=1)).hits[0]
    assert engine.search(Query("papel", size=1, cursor=cursor(first))).hits[0] == first


def cursor(hit, *, is_backwards=False):
    return Cursor(hit.sort_key, hit.product_id, hit.price, is_backwards)


def test_hits_know_their_price_at_the_place(engine):
    assert engine.search(Query("resma bond")).hits[0].price == 2_950_000
    assert engine.search(Query("resma bond", canton="0101")).hits[0].price == 3_120_000


def test_some_of_the_words(engine):
    assert found(engine, "papel tomografo", needs_all=False) == {REAM, RECYCLED, TRAY}
    assert found(engine, "tomografo CF-258A", needs_all=False) == {TONER}
    assert found(engine, "de la", needs_all=False) == set(range(REAM, GAS + 1))
