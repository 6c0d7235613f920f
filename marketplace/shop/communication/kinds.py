"""Each kind of notice: what it says, the page on which one goes on, and with which others it is chosen how it comes."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.screens.shown import amount_text

from .groups import CATALOGUE, DEADLINES, DELIVERIES, MONEY, ORDERS, REQUISITIONS, NoticeGroup


@dataclass(frozen=True)
class NoticeKind:
    """`sentence`: with the notice's words. `url_name`: of the page that has the word `key` in its address.

    `amounts`: which words are USD, written as the reader's language does. `tasks`: codes of `kernel.screens.tasks`; while the
    row whose `task_key` is the word `key` stands in none of them, the reader has nothing left to do and gets no letter.
    """

    group: NoticeGroup
    sentence: Any
    url_name: str
    icon: str
    has_key: bool = True
    amounts: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    task_key: str = "number"

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
        DEADLINES,
        _("{number} waits for your decision: {need}."),
        "requisition:approval",
        icon="check2-square",
        tasks=("requisitions-to-decide",),
    ),
    "requisition-returned": NoticeKind(
        REQUISITIONS,
        _("{number} came back to you: «{comment}»."),
        REQUISITION,
        icon="arrow-return-left",
        tasks=("requisitions-returned",),
    ),
    "requisition-approved": NoticeKind(REQUISITIONS, _("{number} is approved: {need}."), REQUISITION, icon="check-circle"),
    "requisition-lines-rejected": NoticeKind(
        REQUISITIONS, _("Lines of {number} that were rejected: {count}. {comment}"), REQUISITION, icon="x-circle"
    ),
    "requisition-lapsed": NoticeKind(
        REQUISITIONS,
        _("{number} lapsed: nobody decided while its prices were held. See what has changed and send it again."),
        REQUISITION,
        icon="hourglass-bottom",
        tasks=("requisitions-lapsed",),
    ),
    "order-issued": NoticeKind(
        DEADLINES,
        _("{entity} sent you the order {number}. It waits for your answer."),
        SUPPLIER_ORDER,
        icon="send",
        tasks=("orders-to-answer",),
    ),
    "order-accepted": NoticeKind(ORDERS, _("{supplier} accepted the order {number}."), ORDER, icon="hand-thumbs-up"),
    "order-rejected": NoticeKind(ORDERS, _("{supplier} rejected the order {number}: {cause}."), ORDER, icon="x-circle"),
    "import-previewed": NoticeKind(
        CATALOGUE,
        _("{file} is read: look at the simulation and apply it."),
        RUN,
        icon="upload",
        tasks=("imports-to-confirm",),
        task_key="id_public",
    ),
    "import-applied": NoticeKind(CATALOGUE, _("{file} is applied."), RUN, icon="check-circle"),
    "import-failed": NoticeKind(CATALOGUE, _("{file} was not imported. Its page says why."), RUN, icon="exclamation-triangle"),
    "proposals-waiting": NoticeKind(
        CATALOGUE,
        _("{supplier} proposes new products: {count}. They wait for your decision."),
        "catalog_import:proposals",
        icon="inboxes",
        has_key=False,
        tasks=("proposals-to-decide",),
        task_key="run__id_public",
    ),
    "proposals-accepted": NoticeKind(CATALOGUE, _("Proposals of {file} that were accepted: {count}."), RUN, icon="check-circle"),
    "proposal-rejected": NoticeKind(CATALOGUE, _("The proposal «{name}» was rejected: {reason}."), RUN, icon="x-circle"),
    "order-dispatched": NoticeKind(
        DELIVERIES,
        _("{supplier} has sent what you ordered: {number}."),
        "fulfilment:delivery-create",
        icon="truck",
        tasks=("orders-to-receive", "receptions-late"),
    ),
    "order-lapsed": NoticeKind(ORDERS, _("{supplier} did not answer the order {number} in time."), ORDER, icon="hourglass-bottom"),
    "order-lapsed-here": NoticeKind(
        ORDERS, _("The time to answer the order {number} is over."), SUPPLIER_ORDER, icon="hourglass-bottom"
    ),
    "order-cancelled": NoticeKind(ORDERS, _("{entity} cancelled the order {number}: {comment}."), SUPPLIER_ORDER, icon="x-circle"),
    "order-closed-short": NoticeKind(
        ORDERS, _("{entity} gives up what was still owed of the order {number}: {comment}."), SUPPLIER_ORDER, icon="slash-circle"
    ),
    "delivery-recorded": NoticeKind(
        DELIVERIES, _("{entity} recorded what it received of {number}: {act}."), "fulfilment:supplier-delivery", icon="box-seam"
    ),
    "delivery-voided": NoticeKind(
        DELIVERIES, _("{entity} voided the acceptance act {act}: {comment}."), "fulfilment:supplier-delivery", icon="x-circle"
    ),
    "invoice-registered": NoticeKind(
        MONEY,
        _("{supplier} invoices USD {gross}: {number}."),
        "invoicing:invoice",
        icon="receipt",
        amounts=("gross",),
        tasks=("invoices-to-certify",),
        task_key="id_public",
    ),
    "invoice-rejected": NoticeKind(
        MONEY, _("{entity} rejected the invoice {number}: {comment}."), "invoicing:supplier-invoice", icon="x-circle"
    ),
    "invoice-certified": NoticeKind(
        MONEY,
        _("{entity} certified the invoice {number}; its payment comes next."),
        "invoicing:supplier-invoice",
        icon="check-circle",
    ),
    "invoice-paid": NoticeKind(MONEY, _("{entity} paid the invoice {number}."), "invoicing:supplier-invoice", icon="cash-coin"),
    "payment-refused": NoticeKind(
        MONEY,
        _("The payment {number} was refused. Its page says why."),
        PAYMENT,
        icon="exclamation-triangle",
        tasks=("payments-gone-wrong",),
    ),
    "payment-reversed": NoticeKind(
        MONEY,
        _("The payment {number} was reversed: the money came back. Its page says why."),
        PAYMENT,
        icon="arrow-counterclockwise",
        tasks=("payments-gone-wrong",),
    ),
}
