"""Quick order: pasted and uploaded lines, what they mean, and what is added (ux: 20 rows with 2 bad)."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from marketplace.kernel.errors import sentence_for
from marketplace.shop.basket.models import Line
from marketplace.shop.basket.quick_order import MOST_ROWS, Row, rows_of_text
from tests.answers import SIGN_IN

PAGE, ACT = "basket:quick-order", "basket:quick-order-act"


@pytest.fixture
def quick(client, requester, settings, tmp_path):
    """The buyer's browser. The search has no index: PostgreSQL suggests."""
    settings.SEARCH_ENGINE, settings.SEARCH_FOLDER = "tantivy", tmp_path
    client.force_login(requester.user, backend=SIGN_IN)
    return client


def look(client, lines: str = "", file=None):
    return client.post(reverse(PAGE), {"lines": lines} | ({"file": file} if file else {}), follow=True)


def press(client, act: str, rows: list[Row]):
    sent = {name: [str(getattr(row, name)) for row in rows] for name in ("number", "code", "quantity")}
    return client.post(reverse(ACT), sent | {"act": act}, follow=True)


def rows_in(page) -> list[Row]:
    return [each.row for each in page.context["found"]]


def in_cart() -> dict[str, int]:
    return dict(Line.objects.values_list("stockrecord__partner_sku", "quantity"))


def workbook(rows) -> SimpleUploadedFile:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return SimpleUploadedFile("pedido.xlsx", file.getvalue())


# ---------------------------------------------------------------- reading
@pytest.mark.parametrize(
    "text",
    [
        "A-1;2\nB-2;3",
        "código;cantidad\nA-1;2\nB-2;3",
        "A-1\t2\r\nB-2\t3",
        "A-1,2\n\nB-2,3\n",
        "A-1; 2 ;de más\nB-2;3;x",
        "'-A;2\nB-2;3",
    ],
)
def test_reads_what_people_paste(text):
    rows = rows_of_text(text)

    assert [(row.code, row.quantity) for row in rows] == [("-A" if "'" in text else "A-1", "2"), ("B-2", "3")]


def test_a_line_keeps_its_number():
    assert rows_of_text("código;cantidad\n\nA-1;2") == [Row(3, "A-1", "2")]


@pytest.mark.parametrize("quantity", ["0", "-1", "1,5", "dos", "", "9" * 30, "1000001", "²"])
def test_a_quantity_that_is_none_is_said_and_nothing_is_added(quick, listing_factory, quantity):
    listing_factory(partner_sku="A-1")

    page = look(quick, f"A-1;{quantity}\nA-1;1")

    assert [each.why and each.why.code for each in page.context["found"]] == ["quick_quantity", None]
    assert not Line.objects.exists()


# ---------------------------------------------------------------- twenty lines, two of them bad
@pytest.fixture
def twenty(listing_factory):
    """Eighteen offers by the supplier's code, and two lines that nobody knows."""
    for number in range(1, 19):
        listing_factory(partner_sku=f"RZ-{number:02d}X")
    rows = [[f"RZ-{number:02d}X", number] for number in range(1, 19)]
    return [*rows[:4], ["RZ-99", 5], *rows[4:], ["NADA", 1]]


@pytest.mark.parametrize("kind", ["paste", "csv", "xlsx"])
def test_eighteen_of_twenty_are_added_and_two_stay(quick, twenty, kind):
    lines = "\n".join(f"{code};{quantity}" for code, quantity in twenty)
    file = {"paste": None, "csv": SimpleUploadedFile("p.csv", lines.encode("cp1252")), "xlsx": workbook(twenty)}[kind]

    page = look(quick, lines if kind == "paste" else "", file)

    assert [page.context["good_count"], page.context["bad_count"], Line.objects.count()] == [18, 2, 0]
    assert "Agregar 18 de 20" in page.content.decode()

    page = press(quick, "add", rows_in(page))

    assert in_cart() == {f"RZ-{number:02d}X": number for number in range(1, 19)}
    assert rows_in(page) == [Row(5, "RZ-99", "5"), Row(20, "NADA", "1")]
    assert "18 de 20 líneas están en el carrito." in page.content.decode()


def test_what_is_to_correct_downloads_and_uploads_again(quick, twenty, listing_factory):
    look(quick, "\n".join(f"{code};{quantity}" for code, quantity in twenty))
    file = quick.get(reverse(PAGE), {"formato": "csv"}).getvalue()
    assert file.decode("utf-8-sig").splitlines()[1] == f"RZ-99;5;{sentence_for('code_unknown', code='RZ-99')}"
    listing_factory(partner_sku="RZ-99")

    page = look(quick, file=SimpleUploadedFile("p.csv", file))

    assert [(each.row.code, each.row.quantity, each.why is None) for each in page.context["found"]] == [
        ("RZ-99", "5", True),
        ("NADA", "1", False),
    ]


# ---------------------------------------------------------------- which offer a code means
def test_a_sheet_or_a_gtin_counts_base_units_and_a_supplier_s_code_its_packs(quick, product_factory, item_factory, listing_factory):
    product = product_factory(code="FN-000777-5", gtin="07861234567898", base_unit="RM")
    listing_factory(
        partner_sku="CAJA", adjudicated_item=item_factory(product=product), sales_unit="XBX", pack_factor=10, price=Decimal("20.00")
    )
    listing_factory(partner_sku="SUELTA", adjudicated_item=item_factory(product=product), price=Decimal("2.50"))

    page = look(quick, "fn-000777-5;45\n7861234567898;40\ncaja;3\nsuelta;3")

    assert [(each.listing.partner_sku, each.packs) for each in page.context["found"]] == [
        ("CAJA", 5), ("CAJA", 4), ("CAJA", 3), ("SUELTA", 3),
    ]  # fmt: skip
    assert "5 cajas × 10 resmas = 50 resmas" in page.content.decode()
    press(quick, "add", rows_in(page))
    assert in_cart() == {"CAJA": 12, "SUELTA": 3}


def test_the_best_offer_that_goes_to_the_place_is_taken(quick, product_factory, item_factory, listing_factory):
    product = product_factory(code="FN-000777-5")
    for sku, price, cantons in (("LEJOS", "1.00", ["0101"]), ("AQUI", "2.00", ["1101"])):
        listing_factory(
            partner_sku=sku, adjudicated_item=item_factory(product=product), price=Decimal(price), delivery_cantons=cantons
        )

    [found] = look(quick, "FN-000777-5;1").context["found"]

    assert found.listing.partner_sku == "AQUI"


def test_a_code_of_several_products_asks_for_the_sheet_s(quick, listing_factory):
    for code in ("FN-000001-1", "FN-000002-2"):
        listing_factory(partner_sku="100", adjudicated_item__product__code=code)

    [found] = look(quick, "100;1").context["found"]

    assert (found.why.code, found.why.values["sheets"]) == ("code_of_several", "FN-000001-1, FN-000002-2")


def test_a_wrong_check_digit_is_suggested_and_used(quick, listing_factory):
    listing = listing_factory(adjudicated_item__product__code="FN-000777-5")
    page = look(quick, "FN-000777-9;2")
    [found] = page.context["found"]
    assert found.suggestion.code == "FN-000777-5"

    page = press(quick, "use:1:FN-000777-5", rows_in(page))

    assert [each.listing for each in page.context["found"]] == [listing]
    assert not Line.objects.exists()


def test_a_quantity_below_the_minimum_says_why(quick, listing_factory):
    listing_factory(partner_sku="A-1", minimum_quantity=10)

    [found] = look(quick, "A-1;9").context["found"]

    assert found.why.code == "below_minimum"


# ---------------------------------------------------------------- what is refused
def test_more_than_there_is_in_all_lines_adds_nothing(quick, listing_factory):
    listing_factory(partner_sku="A-1", stock_left=Decimal(5))
    page = look(quick, "A-1;3\nA-1;3")

    press(quick, "add", rows_in(page))

    assert not Line.objects.exists()


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("p.xlsx", b"PK\x03\x04 nothing of the kind", "quick_file_unreadable"),
        ("p.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "quick_file_unreadable"),
        ("p.csv", "A-1;3".encode("utf-16"), "quick_file_unreadable"),
        ("p.csv", b"x" * 1_000_001, "quick_file_large"),
        ("p.csv", b"A;1\n" * (MOST_ROWS + 1), "quick_too_many"),
        ("p.csv", b";\n;\n", "quick_file_unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(quick, name, content, code):
    page = look(quick, file=SimpleUploadedFile(name, content))

    words = {"most": MOST_ROWS} if code == "quick_too_many" else {}
    errors = [str(error) for errors in page.context["form"].errors.values() for error in errors]
    assert errors == [sentence_for(code, **words)]


def test_costs_the_same_for_four_times_the_lines(quick, listing_factory, count_queries):
    costs = []
    for skus in ([f"A-{n}" for n in range(8)], [f"B-{n}" for n in range(32)]):
        for sku in skus:
            listing_factory(partner_sku=sku)
        look(quick, "\n".join(f"{sku};1" for sku in skus))
        costs.append(count_queries(lambda: quick.get(reverse(PAGE))))

    assert costs[0] == costs[1] <= 14


def test_the_sample_is_read_back(quick, listing_factory):
    listing_factory(), listing_factory()
    sample = quick.get(reverse("basket:quick-order-sample")).getvalue()

    page = look(quick, file=SimpleUploadedFile("p.csv", sample))

    assert [each.why for each in page.context["found"]] == [None, None]


@pytest.mark.threat("O5")
def test_a_price_sent_with_the_lines_is_not_heard(quick, listing_factory):
    listing_factory(partner_sku="A-1", price=Decimal("3.12"))
    sent = {"number": ["1"], "code": ["A-1"], "quantity": ["2"], "price": ["0.01"], "listing": ["1"], "act": "add"}

    quick.post(reverse(ACT), sent)

    assert Line.objects.get().price_excl_tax == Decimal("3.12")
