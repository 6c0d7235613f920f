"""Each kind of notice: what it says, and the page on which one goes on."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.screens.shown import amount_text


@dataclass(frozen=True)
class NoticeKind:
    """`sentence`: with the notice's words. `url_name`: of the page that has the word `key` in its address.

    `amounts`: which words are USD, written as the reader's language does.
    """

    sentence: Any
    url_name: str
    icon: str
    has_key: bool = True
    amounts: tuple[str, ...] = ()

    def says(self, words: dict[str, Any]) -> str:
        amounts = {name: amount_text(Decimal(words[name])) for name in self.amounts}
        return str(self.sentence).format(**words | amounts)

    def url(self, words: dict[str, Any]) -> str:
        return reverse(self.url_name, args=[words["key"]] if self.has_key else [])


REQUISITION, SUPPLIER_ORDER, ORDER, RUN, PAYMENT = (
    "requisition:requisition",
    "order:supplier-order",
    "order:order",
    "catalog_import:run",
    "payment:payment",
)
KINDS = {
    "requisition-submitted": NoticeKind(
        _("{number} waits for your decision: {need}."), "requisition:approval", icon="check2-square"
    ),
    "requisition-returned": NoticeKind(_("{number} came back to you: «{comment}»."), REQUISITION, icon="arrow-return-left"),
    "requisition-approved": NoticeKind(_("{number} is approved: {need}."), REQUISITION, icon="check-circle"),
    "requisition-lines-rejected": NoticeKind(
        _("Lines of {number} that were rejected: {count}. {comment}"), REQUISITION, icon="x-circle"
    ),
    "requisition-lapsed": NoticeKind(
        _("{number} lapsed: nobody decided while its prices were held. See what has changed and send it again."),
        REQUISITION,
        icon="hourglass-bottom",
    ),
    "order-issued": NoticeKind(_("{entity} sent you the order {number}. It waits for your answer."), SUPPLIER_ORDER, icon="send"),
    "order-accepted": NoticeKind(_("{supplier} accepted the order {number}."), ORDER, icon="hand-thumbs-up"),
    "order-rejected": NoticeKind(_("{supplier} rejected the order {number}: {cause}."), ORDER, icon="x-circle"),
    "import-previewed": NoticeKind(_("{file} is read: look at the simulation and apply it."), RUN, icon="upload"),
    "import-applied": NoticeKind(_("{file} is applied."), RUN, icon="check-circle"),
    "import-failed": NoticeKind(_("{file} was not imported. Its page says why."), RUN, icon="exclamation-triangle"),
    "proposals-waiting": NoticeKind(
        _("{supplier} proposes new products: {count}. They wait for your decision."),
        "catalog_import:proposals",
        icon="inboxes",
        has_key=False,
    ),
    "proposals-accepted": NoticeKind(_("Proposals of {file} that were accepted: {count}."), RUN, icon="check-circle"),
    "proposal-rejected": NoticeKind(_("The proposal «{name}» was rejected: {reason}."), RUN, icon="x-circle"),
    "order-dispatched": NoticeKind(
        _("{supplier} has sent what you ordered: {number}."), "fulfilment:delivery-create", icon="truck"
    ),
    "order-lapsed": NoticeKind(_("{supplier} did not answer the order {number} in time."), ORDER, icon="hourglass-bottom"),
    "order-lapsed-here": NoticeKind(_("The time to answer the order {number} is over."), SUPPLIER_ORDER, icon="hourglass-bottom"),
    "order-cancelled": NoticeKind(_("{entity} cancelled the order {number}: {comment}."), SUPPLIER_ORDER, icon="x-circle"),
    "order-closed-short": NoticeKind(
        _("{entity} gives up what was still owed of the order {number}: {comment}."), SUPPLIER_ORDER, icon="slash-circle"
    ),
    "delivery-recorded": NoticeKind(
        _("{entity} recorded what it received of {number}: {act}."), "fulfilment:supplier-delivery", icon="box-seam"
    ),
    "delivery-voided": NoticeKind(
        _("{entity} voided the acceptance act {act}: {comment}."), "fulfilment:supplier-delivery", icon="x-circle"
    ),
    "invoice-registered": NoticeKind(
        _("{supplier} invoices USD {gross}: {number}."), "invoicing:invoice", icon="receipt", amounts=("gross",)
    ),
    "invoice-rejected": NoticeKind(
        _("{entity} rejected the invoice {number}: {comment}."), "invoicing:supplier-invoice", icon="x-circle"
    ),
    "invoice-certified": NoticeKind(
        _("{entity} certified the invoice {number}; its payment comes next."), "invoicing:supplier-invoice", icon="check-circle"
    ),
    "invoice-paid": NoticeKind(_("{entity} paid the invoice {number}."), "invoicing:supplier-invoice", icon="cash-coin"),
    "payment-refused": NoticeKind(_("The payment {number} was refused. Its page says why."), PAYMENT, icon="exclamation-triangle"),
    "payment-reversed": NoticeKind(
        _("The payment {number} was reversed: the money came back. Its page says why."), PAYMENT, icon="arrow-counterclockwise"
    ),
}
