"""Loading the demonstration: all of it, or nothing."""

from collections.abc import Callable
from datetime import date, datetime, time

from django.db import transaction
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _

from framework_agreements.models import FrameworkAgreement
from marketplace.registry.roles import Role
from marketplace.shop.catalogue.bulk import sheets_hold

from .accounts import AGREEMENT_CODE
from .agreements import agreements_open, categories_map
from .catalogue import kinds_write, shelves_write
from .life import approver_goes_away, life_begin
from .organisations import certificates_register, organisations_found
from .plan import planned
from .writing import CatalogueWriter

MONTHS_BEFORE = 6


@transaction.atomic
def demo_load(*, listings: int, seed: int, at: datetime, say: Callable[[str], None]) -> bool:
    """Load the demonstration; answer False, and write nothing, when it is there already.

    `say`: is told how far it is, a line at a time.
    """
    sheets_hold()
    if FrameworkAgreement.objects.filter(code=AGREEMENT_CODE).exists():
        return False
    since = beginning(localdate(at))
    people = organisations_found(since=since)
    certificates = certificates_register(people, at=at)
    (officer,) = people.acting_as(Role.CATALOGUE_OFFICER)
    agreements = agreements_open(since=since, officer=officer)
    say(_("Organisations, people and agreements are in place."))
    shelves = shelves_write()
    categories_map(agreements[AGREEMENT_CODE], shelves)
    writer = CatalogueWriter(shelves, kinds_write(), since)
    for group, stocked in planned(listings, seed):
        sheets, offers = writer.write(agreements[group.agreement], stocked)
        say(_("{group}. Sheets: {sheets}. Listings: {listings}.").format(group=group.name, sheets=sheets, listings=offers))
    writer.finish()
    life_begin(people, certificates, at=at)
    approver_goes_away(people, at=at)
    return True


def beginning(today: date) -> datetime:
    """From when everything of the demonstration holds: the first of the month, half a year ago."""
    months = today.year * 12 + today.month - 1 - MONTHS_BEFORE
    return make_aware(datetime.combine(date(months // 12, months % 12 + 1, 1), time()))
