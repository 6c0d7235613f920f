"""What suppliers and finance officers do with invoices. Each owns its transaction and holds the order first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.failpoints import failpoint
from marketplace.kernel.money import dollars, line_net
from marketplace.registry.models import Membership
from marketplace.shop.order.ending import order_locked
from marketplace.shop.order.models import Order
from marketplace.shop.partner.totals import Totals, document_totals
from marketplace.shop.payment.ledger import is_being_paid, post_annulled, post_certified

from .models import Invoice, InvoiceLine, InvoiceVat, Obligation
from .rules import InvoicedLine, InvoiceFacts, OrderedLine, OrderFacts, reasons_not_certifiable, reasons_not_matching
from .selectors import OpenLine, has_received, open_lines


@dataclass(frozen=True)
class Paper:
    """What stands on the supplier's invoice. `quantities`: sales units by position of the order's line. `gross`: USD with VAT."""

    number: str
    issued_on: date
    quantities: dict[int, int]
    gross: Decimal
    access_key: str = ""


@transaction.atomic
def invoice_register(*, order_id: int, paper: Paper, actor: Membership, at: datetime) -> Invoice:
    """The supplier sends an invoice for accepted goods. Raises RuleBroken (the codes of `rules.reasons_not_matching`)."""
    order = order_locked(order_id)
    lines = open_lines(order)
    facts = _facts(paper, [each.facts for each in lines], actor)
    refuse(reasons_not_matching(_order_facts(order, lines), facts, today=localdate(at)))
    invoice = _write(obligation_of(order), facts, lines, actor, at)
    failpoint("invoice.written")
    record("invoice.registered", invoice, actor=actor, at=at)
    failpoint("invoice.told")
    return invoice


def obligation_of(order: Order) -> Obligation:
    whose = {"entity_id": order.entity_id, "supplier_id": order.supplier_id}
    return Obligation.objects.get_or_create(order=order, defaults=whose)[0]


def _order_facts(order: Order, lines: Iterable[OpenLine]) -> OrderFacts:
    accepted_on = order.accepted_at and localdate(order.accepted_at)
    return OrderFacts(order.number, order.status, order.supplier.ruc, accepted_on, tuple(each.facts for each in lines))


def _facts(paper: Paper, lines: list[OrderedLine], actor: Membership) -> InvoiceFacts:
    """Prices and rates are the order's; the total is the paper's, so that the two meet in the match."""
    invoiced = tuple(_invoiced(line, paper.quantities[line.position]) for line in lines if paper.quantities.get(line.position))
    totals = document_totals(line.priced for line in invoiced)
    return InvoiceFacts(
        number=paper.number,
        supplier_ruc=actor.supplier.ruc,
        issued_on=paper.issued_on,
        lines=invoiced,
        net=totals.net,
        vat=totals.vat,
        gross=paper.gross,
        access_key=paper.access_key,
        number_is_used=Invoice.objects.standing().filter(supplier=actor.supplier_id, number=paper.number).exists(),
    )


def _invoiced(line: OrderedLine, quantity: int) -> InvoicedLine:
    net = line_net(line.unit_price, quantity)
    return InvoicedLine(line.position, quantity, line.unit_price, net, line.vat_category, line.vat_percent)


def _write(obligation: Obligation, facts: InvoiceFacts, lines: list[OpenLine], actor: Membership, at: datetime) -> Invoice:
    failpoint("invoice.obligation_written")
    totals = document_totals(line.priced for line in facts.lines)
    invoice = Invoice.objects.create(
        obligation=obligation,
        supplier_id=obligation.supplier_id,
        number=facts.number,
        access_key=facts.access_key,
        issued_on=facts.issued_on,
        net=dollars(totals.net),
        vat=dollars(totals.vat),
        gross=dollars(totals.gross),
        registered_by=actor,
        registered_at=at,
        status_at=at,
    )
    failpoint("invoice.head_written")
    InvoiceLine.objects.bulk_create(_line(invoice, line, lines[line.position - 1]) for line in facts.lines)
    _write_vat(invoice, totals)
    return invoice


def _line(invoice: Invoice, line: InvoicedLine, ordered: OpenLine) -> InvoiceLine:
    return InvoiceLine(
        invoice=invoice,
        order_line=ordered.line,
        quantity=line.quantity,
        unit_price=dollars(line.unit_price),
        net=dollars(line.net),
        vat_category=line.vat_category,
        vat_percent=line.vat_percent,
    )


def _write_vat(invoice: Invoice, totals: Totals) -> None:
    InvoiceVat.objects.bulk_create(
        InvoiceVat(
            invoice=invoice, category=share.category, percent=share.percent, base=dollars(share.base), amount=dollars(share.amount)
        )
        for share in totals.shares
    )


@transaction.atomic
def invoice_certify(*, invoice_id: int, actor: Membership, at: datetime) -> Invoice:
    """A finance officer who did not receive the goods owes it from now on, in the ledger.

    Raises RuleBroken (``invoice_already_decided``, ``certifier_received``).
    """
    invoice = invoice_held(invoice_id)
    refuse(reasons_not_certifiable(invoice, has_received=has_received(invoice.obligation, actor)))
    invoice.certified_by, invoice.certifier_id, invoice.certified_at = actor, actor.user_id, at
    invoice.move_to(Invoice.Status.CERTIFIED, at=at, also=("certified_by", "certifier", "certified_at"))
    failpoint("certification.moved")
    post_certified(invoice, at=at)
    failpoint("certification.posted")
    record("invoice.certified", invoice, actor=actor, at=at)
    return invoice


@transaction.atomic
def invoice_reject(*, invoice_id: int, reason: str, actor: Membership, at: datetime) -> Invoice:
    """The entity sends it back; its goods can be invoiced again.

    Raises RuleBroken (``invoice_already_decided``, ``reason_missing``).
    """
    invoice = invoice_held(invoice_id)
    refuse([*reasons_not_certifiable(invoice, has_received=False), *_reason_missing(reason)])
    invoice.reason = reason.strip()
    invoice.move_to(Invoice.Status.REJECTED, at=at, also=("reason",))
    record("invoice.rejected", invoice, actor=actor, at=at, comment=invoice.reason)
    return invoice


@transaction.atomic
def invoice_annul(*, invoice_id: int, reason: str, actor: Membership, at: datetime) -> Invoice:
    """The supplier takes it back while nobody is paying it. Raises RuleBroken (``invoice_being_paid``, ``illegal_move``, …)."""
    invoice = invoice_held(invoice_id)
    refuse(_reason_missing(reason))
    if invoice.status == Invoice.Status.PAID or is_being_paid(invoice):
        refuse([Broken("invoice_being_paid", number=invoice.number)])
    if invoice.status == Invoice.Status.CERTIFIED:
        post_annulled(invoice, at=at)
    invoice.reason = reason.strip()
    invoice.move_to(Invoice.Status.ANNULLED, at=at, also=("reason",))
    record("invoice.annulled", invoice, actor=actor, at=at, comment=invoice.reason)
    return invoice


def invoice_held(invoice_id: int) -> Invoice:
    """The invoice and its order, held in that order for everyone: first the order."""
    order_locked(Invoice.objects.values_list("obligation__order_id", flat=True).get(pk=invoice_id))
    found = Invoice.objects.select_for_update(of=["self"]).select_related("obligation__order", "supplier")
    return found.get(pk=invoice_id)


def _reason_missing(reason: str) -> list[Broken]:
    return [] if reason.strip() else [Broken("reason_missing")]
