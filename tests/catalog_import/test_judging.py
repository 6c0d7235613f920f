"""Judging by sets answers what judging row by row does: the same outcomes, the same issues, in the same order."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_import.columns import COLUMNS, NAMES
from catalog_import.models import CategoryMapping, ImportRun
from tests.catalog_import.conftest import GOOD, text_of
from tests.catalog_import.oracle import ISSUE_VALUE, Stand, judge

GTIN_A, GTIN_B, GTIN_W, GTIN_NEW = "07861000000017", "07861000000024", "07861000000031", "4006381333931"
ODD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
SPECIAL = st.sampled_from(
    ["", " ", "\u00a0", "x", "-1", "0", "3.45.00", "1.234,56", "\x07", "=1+1", "1E+13", "\\N", "\\.", '"', ";", "ß"]
)
NUMBER = st.sampled_from(
    ["1", "0", "-1", "+2", "2.5", "2,5", "1.000", "1,000", "1.234.567", "999999999", "1000000000", "32768", "1e3", "٣", "", "0x1"]
)
CELLS = {
    "sku": ["S-A", "S-B", "S-C", "S-P", "RZ-1", "RZ-2", "x" * 129],
    "name": ["Resma", "Niño  de\tpapel", "x" * 256],
    "description": ["", "uno\ndos", "x" * 5001],
    "brand": ["", "HP", "x" * 121],
    "gtin": ["", GTIN_A, GTIN_B, GTIN_W, GTIN_NEW, "786-1000 000017", "7861000000015", "00000000", "12345", "96385074", "1.2E+12"],
    "category": ["Papel", "PAPÉL", "Suspendida", "Sin adjudicar", "Detenida", "Otra"],
    "unit": ["C62", "h87", "EA", "RM", "XBX", "ZZZ"],
    "price": ["3.12", "9.99", "10", "10.01", "0.000001", "0.0000001", "3.4500000", "999999999999", "1000000000000", "1,234.56"],
    "currency": ["USD", "usd", "EUR"],
    "vat_percent": ["15", "15.00", "0", "5", "12", "1,5"],
    "stock": ["100", "7"],
    "min_order_qty": ["1", "2"],
    "lead_time_days": ["3", "5"],
    "warranty_months": ["0", "12"],
    "image_url": ["", "https://ejemplo.ec/a.jpg", "HTTP://x", "http://", "javascript:x", "http://a b", "https://" + "x" * 500],
    "product_code": ["", "FN-000001-1", "fn-000002-2", "FN-000003-3", "FN-999999-9"],
    "pack_factor": ["", "1", "10", "12"],
}  # fmt: skip
WHOLE = {"stock", "min_order_qty", "lead_time_days", "warranty_months", "pack_factor", "price", "vat_percent"}
HEADER = tuple(column.name for column in COLUMNS)


def cell(column: str):
    """Mostly something that makes sense in this column, sometimes anything."""
    known = st.sampled_from(CELLS[column])
    return st.one_of(known, known, known, known, NUMBER if column in WHOLE else SPECIAL, SPECIAL, ODD)


SAME = GOOD | {"category": "Papel", "product_code": "", "pack_factor": "", "price": "9.99"}
BASES = [
    SAME | {"sku": "S-A"},  # as it stands
    SAME | {"sku": "S-P", "gtin": GTIN_B, "unit": "XBX", "pack_factor": "10", "image_url": ""},
    SAME | {"sku": "S-B", "gtin": GTIN_B, "unit": "RM", "category": "Suspendida"},
    SAME | {"sku": "S-C", "gtin": "", "category": "Detenida"},
    *(SAME | {"sku": f"RZ-{number}"} for number in range(4)),  # offers of what is adjudicated
    *(SAME | {"sku": f"RZ-{number}", "gtin": GTIN_NEW} for number in range(4, 8)),  # and of what nobody has yet
    SAME | {"sku": "RZ-8", "gtin": "", "product_code": "FN-000003-3"},
    SAME | {"sku": "RZ-9", "gtin": GTIN_W},
]


@st.composite
def row(draw):
    """A good row in which a few cells are drawn anew."""
    drawn = draw(st.sets(st.sampled_from(NAMES), max_size=3))
    return draw(st.sampled_from(BASES)) | {column: draw(cell(column)) for column in drawn}


@pytest.fixture
def standing(market, lot_factory, adjudication_factory, item_factory, product_factory, listing_factory, category_factory):
    """Three lots (open, suspended, and one whose adjudication is), a fourth without adjudication; sheets and listings."""
    shelf = category_factory()
    lots = {"papel": market.lot, **{name: lot_factory(agreement=market.agreement, name=name) for name in ("b", "c", "d")}}
    lots["b"].status = "suspended"
    lots["b"].save()
    CategoryMapping.objects.filter(agreement=market.agreement).delete()
    for category, lot in zip(("Papel", "Suspendida", "Detenida", "Sin adjudicar"), lots.values(), strict=True):
        CategoryMapping.objects.create(
            agreement=market.agreement, file_category=category, lot=lot, cpc_code="321290011", category=shelf
        )
    awards = [adjudication_factory(lot=lot, supplier=market.supplier) for lot in list(lots.values())[:3]]
    awards[2].status = "suspended"
    awards[2].save()
    a = product_factory(code="FN-000001-1", gtin=GTIN_A, base_unit="C62")
    b = product_factory(code="FN-000002-2", gtin=GTIN_B, base_unit="RM")
    c = product_factory(code="FN-000003-3", gtin=None, base_unit="H87")
    product_factory(code="FN-000004-4", gtin=GTIN_W, base_unit="C62", is_public=False)
    same = {"price": Decimal("9.99"), "lead_time_days": 3, "warranty_months": 12, "stock_left": Decimal(100)}
    image = {"image_url": GOOD["image_url"]}
    items = [item_factory(adjudication=award, product=product) for award, product in zip(awards, (a, b, c), strict=True)]
    listing_factory(adjudicated_item=items[0], partner_sku="S-A", sales_unit="C62", **same, **image)
    listing_factory(adjudicated_item=items[1], partner_sku="S-B", **same)
    listing_factory(adjudicated_item=items[2], partner_sku="S-C", **same)
    listing_factory(
        adjudicated_item=item_factory(adjudication=awards[0], product=b),
        partner_sku="S-P",
        pack_factor=10,
        sales_unit="XBX",
        **same,
    )
    item_factory(adjudication=awards[0], product=c)
    return market


def compare(run: ImportRun, rows, stand: Stand) -> None:
    expected = judge(rows, run.width, stand)
    cells = {line: row for line, _count, row in rows}
    issues = [
        (line, column, code, cells[line].get(column, "")[:ISSUE_VALUE], values)
        for line, judged in expected.items()
        for code, column, values in judged.issues
    ]
    assert [(each.line, each.column, each.code, each.value, each.values) for each in run.issues.all()] == issues
    assert dict(run.staged_rows.values_list("line", "outcome")) == {line: judged.outcome for line, judged in expected.items()}
    for outcome in ImportRun.COUNTS:
        assert getattr(run, outcome) == sum(judged.outcome == outcome for judged in expected.values())


@pytest.mark.budget("P13")
@pytest.mark.feature("CI-1")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=st.lists(row(), min_size=1, max_size=12))
def test_sets_and_rows_judge_alike(rows, standing, read, noon):
    with transaction.atomic():
        run = read(text_of(*rows, header=HEADER))
        assert run.status == ImportRun.Status.PREVIEW, run.failure_sentence
        stand = Stand(standing.supplier, standing.agreement, date(2026, 11, 23), run.decimal_mark)
        compare(run, with_lines(rows), stand)
        transaction.set_rollback(True)


def with_lines(rows):
    """A quoted cell goes over as many lines as it has line ends."""
    line, lined = 2, []
    for each in rows:
        lined.append((line, len(HEADER), each))
        line += 1 + sum(len(re.findall(r"\r\n|\r|\n", cell)) for cell in each.values())
    return lined
