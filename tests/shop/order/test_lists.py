from django.urls import reverse

from marketplace.shop.requisition.approval import requisition_approve
from tests.answers import SIGN_IN


def test_an_order_that_matches_by_two_lines_stands_once(client, requester, approver, send, listing_factory, item_factory, noon):
    item = item_factory(product__title="Papel A4")
    other = item_factory(product__title="Papel A3", adjudication=item.adjudication)
    sent = send((listing_factory(adjudicated_item=item), 1), (listing_factory(adjudicated_item=other), 1))
    requisition_approve(requisition_id=sent.pk, gross_seen=sent.gross.amount, actor=approver, at=noon)
    client.force_login(requester.user, backend=SIGN_IN)

    page = client.get(reverse("order:orders"), {"q": "papel"})

    assert len(page.context["object_list"]) == 1
