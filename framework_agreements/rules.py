"""When an agreement may be published, and what an adjudication must keep to. Facts in, broken rules out."""

from datetime import date

from marketplace.kernel.errors import Broken

from .models import FrameworkAgreement


def reasons_not_publishable(agreement: FrameworkAgreement) -> list[Broken]:
    """Every reason at once, so that the officer completes the agreement in one pass."""
    broken = []
    if not agreement.lots.exists():
        broken.append(Broken("agreement_without_lots", agreement=agreement.code))
    if not agreement.rejection_causes.exists():
        broken.append(Broken("agreement_without_causes", agreement=agreement.code))
    return broken


def reasons_not_changeable(agreement: FrameworkAgreement) -> list[Broken]:
    """What is closed stays as it was: lots, causes, adjudications and items too."""
    return [Broken("agreement_is_closed", agreement=agreement.code)] if agreement.is_closed else []


def reasons_not_adjudicable(agreement: FrameworkAgreement, valid_from: date, valid_until: date) -> list[Broken]:
    if agreement.is_closed:
        return reasons_not_changeable(agreement)
    if agreement.valid_from <= valid_from < valid_until <= agreement.valid_until:
        return []
    return [Broken("adjudication_outside_agreement", from_=agreement.valid_from, until=agreement.last_day)]
