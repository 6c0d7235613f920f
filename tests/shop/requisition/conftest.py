from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.models import Requisition
from marketplace.shop.requisition.policy import rule_add
from tests.answers import SIGN_IN


@pytest.fixture
def two_steps(approver, membership_factory, noon):
    """The entity's needs pass the approver, and those from USD 100 on another one, who is answered."""
    second = membership_factory(role="approver", entity=approver.entity)
    administrator = membership_factory(role="entity_administrator", entity=approver.entity)
    yesterday = noon - timedelta(days=1)
    for position, person, amount in ((1, approver, 0), (2, second, 100)):
        words = {"person": person, "amount_from": Decimal(amount), "actor": administrator, "at": yesterday}
        rule_add(position=position, who="person", valid_from=yesterday.date(), **words)
    return second


@pytest.fixture
def approve(approver, noon):
    """`approve(requisition, {listing: reason}, gross="…")`: as the page does it, with the total that it showed."""

    def approve(requisition: Requisition, rejected=None, *, gross="", actor=approver, at: datetime = noon):
        requisition.refresh_from_db()
        keys = {requisition.lines.get(listing=listing).pk: reason for listing, reason in (rejected or {}).items()}
        seen = Decimal(gross) if gross else requisition.gross.amount
        return requisition_approve(requisition_id=requisition.pk, gross_seen=seen, actor=actor, at=at, rejections=keys)

    return approve


@pytest.fixture
def browse(client):
    """`browse(membership, "approval", number, decision="approve", …)`: a page, or a form that is sent from it."""

    def browse(membership, page: str, *args, **data):
        client.force_login(membership.user, backend=SIGN_IN)
        url = reverse(f"requisition:{page}", args=args)
        return client.post(url, data) if data else client.get(url)

    return browse
