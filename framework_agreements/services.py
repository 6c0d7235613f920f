"""What an officer does with agreements, lots, adjudications and items. Each owns its transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.limits.services import LimitExceeded, set_limit
from marketplace.kernel.money import dollars
from marketplace.registry.models import Membership, Supplier

from .models import AdjudicatedItem, Adjudication, AgreementLot, FrameworkAgreement, RejectionCause
from .rules import reasons_not_adjudicable, reasons_not_changeable, reasons_not_publishable


@contextmanager
def _refused_as(broken: Broken) -> Iterator[None]:
    """A row that exists already is refused in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        refuse([broken])


# ---------------------------------------------------------------- agreements


@transaction.atomic
def agreement_create(*, actor: Membership | None, **values: Any) -> FrameworkAgreement:
    """`values`: code, name, purpose, legal_basis, valid_from, valid_until. Raises RuleBroken (``agreement_known``)."""
    with _refused_as(Broken("agreement_known", code=values["code"])):
        agreement = FrameworkAgreement.objects.create(**values)
    record("agreement.created", agreement, actor=actor)
    return agreement


@transaction.atomic
def agreement_edit(*, agreement_id: int, actor: Membership, **values: Any) -> FrameworkAgreement:
    """Change anything but the code; a later `valid_until` is an extension. Raises RuleBroken (``agreement_is_closed``)."""
    agreement = FrameworkAgreement.objects.select_for_update().get(pk=agreement_id)
    refuse(reasons_not_changeable(agreement))
    for name, value in values.items():
        setattr(agreement, name, value)
    agreement.save()
    record("agreement.changed", agreement, actor=actor)
    return agreement


@transaction.atomic
def agreement_publish(*, agreement_id: int, actor: Membership | None, at: datetime) -> FrameworkAgreement:
    """Put it in force for its days. Raises RuleBroken (``agreement_without_lots``, ``agreement_without_causes``)."""
    agreement = FrameworkAgreement.objects.select_for_update().get(pk=agreement_id)
    refuse(reasons_not_publishable(agreement))
    agreement.move_to(FrameworkAgreement.Status.PUBLISHED, at=at)
    record("agreement.published", agreement, actor=actor, at=at)
    return agreement


@transaction.atomic
def agreement_close(*, agreement_id: int, actor: Membership, at: datetime) -> FrameworkAgreement:
    """End it before its day; orders in course go on. It does not open again."""
    agreement = FrameworkAgreement.objects.select_for_update().get(pk=agreement_id)
    agreement.move_to(FrameworkAgreement.Status.CLOSED, at=at)
    record("agreement.closed", agreement, actor=actor, at=at)
    return agreement


@transaction.atomic
def rejection_cause_add(*, agreement: FrameworkAgreement, text: str, clause: str, actor: Membership | None) -> RejectionCause:
    """Raises RuleBroken (``cause_known``, ``agreement_is_closed``)."""
    refuse(reasons_not_changeable(agreement))
    with _refused_as(Broken("cause_known", agreement=agreement.code)):
        cause = RejectionCause.objects.create(agreement=agreement, text=text, clause=clause)
    record("agreement.changed", agreement, actor=actor)
    return cause


# ---------------------------------------------------------------- lots


@transaction.atomic
def lot_create(*, agreement: FrameworkAgreement, ceiling: Decimal, actor: Membership | None, **values: Any) -> AgreementLot:
    """`ceiling`: USD with VAT. `values`: number, name, delivery_cantons.

    Raises RuleBroken (``lot_known``, ``agreement_is_closed``).
    """
    refuse(reasons_not_changeable(agreement))
    with _refused_as(Broken("lot_known", agreement=agreement.code, number=values["number"])):
        lot = AgreementLot.objects.create(agreement=agreement, ceiling=Limit.objects.create(limit=ceiling), **values)
    record("lot.created", lot, actor=actor)
    return lot


@transaction.atomic
def lot_edit(*, lot_id: int, ceiling: Decimal, actor: Membership, **values: Any) -> AgreementLot:
    """Raises RuleBroken (``ceiling_below_taken``, ``lot_known``, ``agreement_is_closed``)."""
    lot = AgreementLot.objects.select_for_update(of=["self"]).select_related("ceiling", "agreement").get(pk=lot_id)
    refuse(reasons_not_changeable(lot.agreement))
    try:
        set_limit(lot.ceiling, ceiling)
    except LimitExceeded as taken:
        refuse([Broken("ceiling_below_taken", taken=taken.asked)])
    for name, value in values.items():
        setattr(lot, name, value)
    with _refused_as(Broken("lot_known", agreement=lot.agreement.code, number=lot.number)):
        lot.save()
    record("lot.changed", lot, actor=actor)
    return lot


@transaction.atomic
def lot_suspend(*, lot_id: int, reason: str, actor: Membership, at: datetime) -> AgreementLot:
    """Take all that is offered under the lot off sale, at once; orders in course go on."""
    return _move(AgreementLot, lot_id, AgreementLot.Status.SUSPENDED, "lot.suspended", reason, actor, at)


@transaction.atomic
def lot_resume(*, lot_id: int, reason: str, actor: Membership, at: datetime) -> AgreementLot:
    return _move(AgreementLot, lot_id, AgreementLot.Status.ACTIVE, "lot.resumed", reason, actor, at)


# ---------------------------------------------------------------- adjudications and items


@transaction.atomic
def adjudication_create(
    *, lot: AgreementLot, supplier: Supplier, valid_from: date, valid_until: date, actor: Membership | None
) -> Adjudication:
    """Award a lot to a supplier. Raises RuleBroken (``adjudication_known``, ``adjudication_outside_agreement``)."""
    refuse(reasons_not_adjudicable(lot.agreement, valid_from, valid_until))
    with _refused_as(Broken("adjudication_known", supplier=supplier.name)):
        adjudication = Adjudication.objects.create(lot=lot, supplier=supplier, valid_from=valid_from, valid_until=valid_until)
    record("adjudication.created", adjudication, actor=actor)
    return adjudication


@transaction.atomic
def adjudication_edit(*, adjudication_id: int, valid_from: date, valid_until: date, actor: Membership) -> Adjudication:
    """Raises RuleBroken (``adjudication_outside_agreement``)."""
    found = Adjudication.objects.select_for_update(of=["self"]).select_related("lot__agreement")
    adjudication = found.get(pk=adjudication_id)
    refuse(reasons_not_adjudicable(adjudication.lot.agreement, valid_from, valid_until))
    adjudication.valid_from, adjudication.valid_until = valid_from, valid_until
    adjudication.save(update_fields=["valid_from", "valid_until"])
    record("adjudication.changed", adjudication, actor=actor)
    return adjudication


@transaction.atomic
def adjudication_suspend(*, adjudication_id: int, reason: str, actor: Membership, at: datetime) -> Adjudication:
    """Take what this supplier offers under this lot off sale."""
    status = Adjudication.Status.SUSPENDED
    return _move(Adjudication, adjudication_id, status, "adjudication.suspended", reason, actor, at)


@transaction.atomic
def adjudication_resume(*, adjudication_id: int, reason: str, actor: Membership, at: datetime) -> Adjudication:
    return _move(Adjudication, adjudication_id, Adjudication.Status.ACTIVE, "adjudication.resumed", reason, actor, at)


def _move(model, key: int, status: str, kind: str, reason: str, actor: Membership, at: datetime):
    row = model.objects.select_for_update().get(pk=key)
    row.status_reason = reason
    row.move_to(status, at=at, also=("status_reason",))
    record(kind, row, actor=actor, at=at, reason=reason)
    return row


@transaction.atomic
def item_adjudicate(*, adjudication: Adjudication, product, ceiling_price: Decimal, actor: Membership | None) -> AdjudicatedItem:
    """Let the supplier sell a sheet. `ceiling_price`: USD per base unit, net.

    Raises RuleBroken (``item_known``, ``agreement_is_closed``).
    """
    refuse(reasons_not_changeable(adjudication.lot.agreement))
    with _refused_as(Broken("item_known", product=product.title)):
        item = AdjudicatedItem.objects.create(adjudication=adjudication, product=product, ceiling_price=dollars(ceiling_price))
    record("item.adjudicated", item, actor=actor)
    return item


@transaction.atomic
def item_set_ceiling(*, item_id: int, ceiling_price: Decimal, actor: Membership) -> AdjudicatedItem:
    """A new ceiling counts for prices offered from now on. Raises RuleBroken (``agreement_is_closed``)."""
    found = AdjudicatedItem.objects.select_for_update(of=["self"]).select_related("adjudication__lot__agreement")
    item = found.get(pk=item_id)
    refuse(reasons_not_changeable(item.adjudication.lot.agreement))
    item.ceiling_price = dollars(ceiling_price)
    item.save(update_fields=["ceiling_price"])
    record("item.changed", item, actor=actor)
    return item
