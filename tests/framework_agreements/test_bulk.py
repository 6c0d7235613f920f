from decimal import Decimal

from framework_agreements.bulk import items_adjudicate
from framework_agreements.models import AdjudicatedItem
from marketplace.kernel.events.models import Event


def items(*rows) -> str:
    values = ", ".join(f"({adjudication}, {product}, {price})" for adjudication, product, price in rows)
    return f"(SELECT * FROM (VALUES {values}) AS v (adjudication_id, product_id, ceiling_price))"


def test_makes_what_is_missing_and_leaves_what_stands(item_factory, adjudication_factory, product_factory):
    standing, other, product = item_factory(), adjudication_factory(), product_factory()
    award = standing.adjudication

    made = items_adjudicate(
        items((award.pk, standing.product_id, 1), (award.pk, product.pk, "3.123456"), (other.pk, product.pk, 2)), actor=None
    )

    assert made == 2
    found = {(item.adjudication_id, item.product_id): item.ceiling_price for item in AdjudicatedItem.objects.all()}
    assert {key: (price.amount, str(price.currency)) for key, price in found.items()} == {
        (award.pk, standing.product_id): (Decimal(10), "USD"),
        (award.pk, product.pk): (Decimal("3.123456"), "USD"),
        (other.pk, product.pk): (Decimal(2), "USD"),
    }
    told = Event.objects.filter(kind="items.adjudicated").values_list("subject_id", "payload")
    assert sorted(told) == [(award.pk, {"count": 1}), (other.pk, {"count": 1})]


def test_tells_of_nothing_when_all_stands(item_factory):
    standing = item_factory()

    assert items_adjudicate(items((standing.adjudication_id, standing.product_id, 1)), actor=None) == 0
    assert not Event.objects.exists()
