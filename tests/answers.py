"""What a screen answers, in words and in rows: read the same way by every test that presses a button."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from marketplace.kernel.events.models import Event
from marketplace.shop.partner.models import StockRecord

SIGN_IN = "marketplace.registry.adapter.SignInBackend"


def screens_of(namespace: str):
    """A fixture that presses, as the officer, a button of this app: `screens("lot-create", code, **form)`."""

    @pytest.fixture
    def screens(client, officer):
        client.force_login(officer.user, backend=SIGN_IN)

        def post(screen: str, *args, **data):
            return client.post(reverse(f"{namespace}:{screen}", args=args), data)

        return post

    return screens


@pytest.fixture
def told(officer):
    """The events about this row: their kinds and payloads, all of them acts of the officer."""

    def told(row) -> list[tuple[str, dict]]:
        events = Event.objects.filter(subject_type=row._meta.label_lower, subject_id=row.pk).order_by("pk")
        assert {(event.actor_id, event.membership_id) for event in events} <= {(officer.user_id, officer.pk)}
        return list(events.values_list("kind", "payload"))

    return told


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def sentence(text: str, **words) -> list[str]:
    return [gettext(text).format(**words)]


def errors_of(response) -> dict[str, list[str]]:
    return {name: [str(each) for each in said] for name, said in response.context["form"].errors.items()}


def is_on_sale(listing) -> bool:
    return StockRecord.objects.on_sale(localdate()).filter(pk=listing.pk).exists()
