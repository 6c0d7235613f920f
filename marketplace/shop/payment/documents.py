"""The liquidation act on paper. Whoever checks its code reads the order, and that it is liquidated."""

from marketplace.shop.invoicing.selectors import invoices_of
from marketplace.shop.order.documents import verification_address
from marketplace.shop.order.paper import paper_html

from .models import Liquidation


def liquidation_html(act: Liquidation, *, nonce: str = "") -> str:
    order = act.order
    contents = {"act": act, "order": order, "invoices": invoices_of(order).standing()}
    marks = {"number": act.number, "code": order.verification_code, "address": verification_address(order)}
    return paper_html("payment/liquidation_print.html", contents, **marks, nonce=nonce)
