import pytest
from django.db import transaction

from framework_agreements.models import AgreementLot, FrameworkAgreement
from framework_agreements.services import (
    adjudication_create,
    adjudication_edit,
    agreement_close,
    agreement_edit,
    item_adjudicate,
    item_set_ceiling,
    lot_create,
    lot_edit,
    rejection_cause_add,
)
from marketplace.kernel.errors import RuleBroken

ACTS = {
    "agreement": lambda item, actor: agreement_edit(agreement_id=item.adjudication.lot.agreement_id, actor=actor, name="x"),
    "cause": lambda item, actor: rejection_cause_add(agreement=item.adjudication.lot.agreement, text="x", clause="", actor=actor),
    "new lot": lambda item, actor: lot_create(
        agreement=item.adjudication.lot.agreement, ceiling=1, actor=actor, number=9, name="x", delivery_cantons=["1101"]
    ),
    "lot": lambda item, actor: lot_edit(lot_id=item.adjudication.lot_id, ceiling=1, actor=actor, name="x"),
    "new adjudication": lambda item, actor: adjudication_create(
        lot=item.adjudication.lot, supplier=item.adjudication.supplier, actor=actor, **days(item)
    ),
    "adjudication": lambda item, actor: adjudication_edit(adjudication_id=item.adjudication_id, actor=actor, **days(item)),
    "new item": lambda item, actor: item_adjudicate(
        adjudication=item.adjudication, product=item.product, ceiling_price=1, actor=actor
    ),
    "item": lambda item, actor: item_set_ceiling(item_id=item.pk, ceiling_price=1, actor=actor),
}


def days(item) -> dict:
    return {"valid_from": item.adjudication.valid_from, "valid_until": item.adjudication.valid_until}


@pytest.mark.parametrize("act", ACTS)
def test_what_is_closed_stays_as_it_was(item_factory, officer, noon, act):
    item = item_factory()
    agreement_close(agreement_id=item.adjudication.lot.agreement_id, actor=officer, at=noon)
    item.adjudication.lot.agreement = FrameworkAgreement.objects.get()

    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        ACTS[act](item, officer)

    assert refusal.value.codes == ["agreement_is_closed"]
    assert (AgreementLot.objects.count(), FrameworkAgreement.objects.get().name) == (1, item.adjudication.lot.agreement.name)
