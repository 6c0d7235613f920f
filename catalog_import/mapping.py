"""The officer says what suppliers' categories mean under an agreement."""

from typing import Any

from django.db import IntegrityError, transaction

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.registry.models import Membership

from .models import CategoryMapping


@transaction.atomic
def mapping_save(
    *, agreement: FrameworkAgreement, mapping: CategoryMapping | None, actor: Membership, **values: Any
) -> CategoryMapping:
    """Add a line to the map, or change one. `values`: file_category, lot, cpc_code, category.

    Raises RuleBroken (``mapping_known``, ``mapping_lot_elsewhere``). Proposals that wait keep the lot they were made for.
    """
    if values["lot"].agreement_id != agreement.pk:
        refuse([Broken("mapping_lot_elsewhere", agreement=agreement.code)])
    mapping = mapping or CategoryMapping(agreement=agreement)
    for name, value in values.items():
        setattr(mapping, name, value)
    try:
        with transaction.atomic():
            mapping.save()
    except IntegrityError:
        refuse([Broken("mapping_known", category=values["file_category"])])
    record("mapping.saved", mapping, actor=actor)
    return mapping
