"""Order = reception = invoice: each case breaks one thing of an invoice that matches (PY-3)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace.kernel.money import line_net
from marketplace.shop.invoicing.access_key import check_digit, is_access_key
from marketplace.shop.invoicing.rules import InvoicedLine, InvoiceFacts, OrderedLine, OrderFacts, reasons_not_matching

TODAY, RUC, NUMBER = date(2026, 11, 25), "1190000000001", "001-002-000000123"
PAPER = OrderedLine(1, "Papel bond", 20, 10, 0, Decimal("0.335"), "S", Decimal(15))
PEN = OrderedLine(2, "Esferográfico", 5, 5, 2, Decimal("0.222222"), "Z", Decimal(0))
ORDER = OrderFacts("OC-2026-000018-4", "partially_received", RUC, date(2026, 11, 20), (PAPER, PEN))


def line(ordered: OrderedLine, quantity: int, **other) -> InvoicedLine:
    said = InvoicedLine(ordered.position, quantity, ordered.unit_price, Decimal(0), ordered.vat_category, ordered.vat_percent)
    said = replace(said, **other)
    return said if "net" in other else replace(said, net=line_net(said.unit_price, quantity))


def key(day: str = "25112026", kind: str = "01", ruc: str = RUC, series: str = "001002", sequential: str = "000000123") -> str:
    digits = f"{day}{kind}{ruc}2{series}{sequential}123456781"
    return digits + check_digit(digits)


# 10 × 0.335 = 3.35 and 3 × 0.222222 = 0.67; VAT 15 % of 3.35 = 0.50
MATCHES = InvoiceFacts(
    NUMBER, RUC, TODAY, (line(PAPER, 10), line(PEN, 3)), Decimal("4.02"), Decimal("0.50"), Decimal("4.52"), key()
)  # fmt: skip


def lines(*said: InvoicedLine) -> InvoiceFacts:
    """The same invoice with these lines, and their own sums."""
    net = sum((each.net for each in said), Decimal("0.00"))
    vat = line_net(sum((each.net for each in said if each.vat_category == "S"), Decimal("0.00")), 15) / 100
    vat = vat.quantize(Decimal("0.01"), "ROUND_HALF_UP")
    return replace(MATCHES, lines=said, net=net, vat=vat, gross=net + vat)


AT_12_PERCENT = replace(lines(line(PAPER, 10, vat_percent=Decimal(12))), vat=Decimal("0.40"), gross=Decimal("3.75"))
A_CENT_OFF = line(PAPER, 10, net=Decimal("3.36"))
MISMATCHES = {
    "a line of no such order": (lines(line(replace(PAPER, position=3), 1)), ORDER, ["not_ordered"]),
    "a line twice": (lines(line(PAPER, 4), line(PAPER, 4)), ORDER, ["invoiced_twice"]),
    "no line": (lines(), ORDER, ["nothing_invoiced"]),
    "nothing of a line": (lines(line(PAPER, 1), line(PEN, 0)), ORDER, ["invoiced_quantity_not_positive"]),
    "less than nothing": (lines(line(PAPER, 2), line(PEN, -1)), ORDER, ["invoiced_quantity_not_positive"]),
    "one more than was accepted": (lines(line(PAPER, 11)), ORDER, ["over_invoiced"]),
    "ordered and not accepted": (lines(line(PAPER, 20)), ORDER, ["over_invoiced"]),
    "what another invoice says": (lines(line(PEN, 4)), ORDER, ["over_invoiced_with_others"]),
    "nothing accepted": (MATCHES, replace(ORDER, lines=(replace(PAPER, accepted=0), PEN)), ["over_invoiced"]),
    "a dearer unit": (lines(line(PAPER, 1, unit_price=Decimal("0.336"))), ORDER, ["price_differs"]),
    "a cheaper unit": (lines(line(PAPER, 1, unit_price=Decimal("0.334999"))), ORDER, ["price_differs"]),
    "another VAT category": (replace(MATCHES, lines=(line(PAPER, 10, vat_category="AA"), line(PEN, 3))), ORDER, ["vat_differs"]),
    "another VAT rate": (AT_12_PERCENT, ORDER, ["vat_differs"]),
    "a line a cent off": (replace(MATCHES, lines=(A_CENT_OFF, line(PEN, 3))), ORDER, ["line_net_differs"]),
    "a net a cent off": (replace(MATCHES, net=Decimal("4.03")), ORDER, ["net_differs"]),
    "VAT rounded line by line": (replace(MATCHES, vat=Decimal("0.51")), ORDER, ["invoice_vat_differs"]),
    "a total a cent off": (replace(MATCHES, gross=Decimal("4.53")), ORDER, ["gross_differs"]),
    "another supplier": (replace(MATCHES, supplier_ruc="1190000000002", access_key=""), ORDER, ["invoice_of_another"]),
    "an order that was only issued": (MATCHES, replace(ORDER, status="issued", accepted_on=None), ["order_not_invoiceable"]),
    "a liquidated order": (MATCHES, replace(ORDER, status="liquidated"), ["order_not_invoiceable"]),
    "before the order": (replace(MATCHES, issued_on=date(2026, 11, 19), access_key=""), ORDER, ["invoice_before_order"]),
    "after today": (replace(MATCHES, issued_on=date(2026, 11, 26), access_key=""), ORDER, ["invoice_of_tomorrow"]),
    "a number that is none": (replace(MATCHES, number="1-2-123", access_key=""), ORDER, ["invoice_number_malformed"]),
    "a number used before": (replace(MATCHES, number_is_used=True), ORDER, ["invoice_number_used"]),
    "another currency": (replace(MATCHES, currency="EUR"), ORDER, ["invoice_currency"]),
    "a slip in the access key": (replace(MATCHES, access_key=f"{key()[:-2]}9{key()[-1]}"), ORDER, ["access_key_malformed"]),
    "the key of a credit note": (replace(MATCHES, access_key=key(kind="04")), ORDER, ["access_key_of_no_invoice"]),
    "somebody else's key": (replace(MATCHES, access_key=key(ruc="1190000000002")), ORDER, ["access_key_ruc"]),
    "the key of another invoice": (replace(MATCHES, access_key=key(sequential="000000124")), ORDER, ["access_key_number"]),
    "the key of another day": (replace(MATCHES, access_key=key(day="24112026")), ORDER, ["access_key_date"]),
    "the key of no day": (replace(MATCHES, access_key=key(day="31022026")), ORDER, ["access_key_date"]),
}  # fmt: skip


@pytest.mark.feature("PY-3")
def test_what_was_ordered_accepted_and_invoiced_matches():
    assert reasons_not_matching(ORDER, MATCHES, today=TODAY) == []


@pytest.mark.feature("PY-3")
@pytest.mark.parametrize("case", MISMATCHES)
def test_is_a_mismatch(case):
    invoice, order, codes = MISMATCHES[case]

    assert [broken.code for broken in reasons_not_matching(order, invoice, today=TODAY)] == codes


@pytest.mark.feature("PY-3")
def test_says_by_how_much_all_at_once():
    invoice = replace(lines(line(PAPER, 11), line(PEN, 4)), gross=Decimal("5.00"))

    broken = reasons_not_matching(ORDER, invoice, today=TODAY)

    assert [(each.code, each.values.get("extra"), each.values.get("difference")) for each in broken] == [
        ("over_invoiced", 1, None),
        ("over_invoiced_with_others", 1, None),
        ("gross_differs", None, Decimal("0.13")),
    ]


def test_any_single_slip_in_an_access_key_is_seen():
    right = key()
    slips = {right[:n] + str((int(right[n]) + 1) % 10) + right[n + 1 :] for n in range(48)}

    assert is_access_key(right)
    assert [slip for slip in slips if is_access_key(slip)] == []
