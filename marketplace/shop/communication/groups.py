"""Notices of one sort: a person chooses for all of them together how they come."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """On the page of notices they stand in any case."""

    AT_ONCE = "at_once", _("By mail, at once")
    DIGEST = "digest", _("By mail, together once a day")
    PAGE = "page", _("Only on the page of notices")


@dataclass(frozen=True)
class NoticeGroup:
    """`areas`: of the roles that hear of it (`Membership.area`). `way`: how it comes to who has not chosen."""

    code: str
    title: Any
    examples: Any
    areas: tuple[str, ...]
    way: Way = Way.DIGEST


BOTH_SIDES = ("purchases", "supplier")
DEADLINES = NoticeGroup(
    "deadlines",
    _("What you have to decide in time"),
    _("A requisition that waits for your approval, an order that waits for your answer."),
    BOTH_SIDES,
    Way.AT_ONCE,
)
REQUISITIONS = NoticeGroup(
    "requisitions", _("What becomes of your requisitions"), _("One is approved, or comes back to you."), ("purchases",)
)
ORDERS = NoticeGroup("orders", _("Orders"), _("One is accepted, rejected, cancelled, or its time is over."), BOTH_SIDES)
DELIVERIES = NoticeGroup("deliveries", _("Deliveries"), _("Goods are on their way, received, or an act is voided."), BOTH_SIDES)
MONEY = NoticeGroup("money", _("Invoices and payments"), _("One is registered, certified, rejected or paid."), BOTH_SIDES)
CATALOGUE = NoticeGroup(
    "catalogue", _("Imports and proposals"), _("A file is read, a proposal waits or is decided."), ("supplier", "office")
)
GROUPS = (DEADLINES, REQUISITIONS, ORDERS, DELIVERIES, MONEY, CATALOGUE)
