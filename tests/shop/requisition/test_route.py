"""The way of an approval: by amount, unit and category, frozen when sent, each step by another person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from marketplace.kernel.errors import RuleBroken
from marketplace.registry.roles import Role
from marketplace.shop.order.models import Order
from marketplace.shop.partner.services import listing_reprice
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.models import Requisition
from marketplace.shop.requisition.policy import rule_add, rule_end
from marketplace.shop.requisition.routing import route_of
from marketplace.shop.requisition.selectors import requisitions_decided_by, requisitions_to_decide, requisitions_visible_to
from tests.answers import SIGN_IN, errors_of
from tests.shop.conftest import put_in_cart


@pytest.fixture
def unit(requester, unit_factory):
    """The unit that asks."""
    requester.unit = unit_factory(entity=requester.entity, name="Farmacia")
    requester.save()
    return requester.unit


@pytest.fixture
def head(unit, membership_factory):
    """An approver of the unit that asks."""
    return membership_factory(role="approver", entity=unit.entity, unit=unit)


@pytest.fixture
def finance(requester, unit_factory, membership_factory):
    """The only approver of the unit «Dirección Financiera»."""
    place = unit_factory(entity=requester.entity, name="Dirección Financiera")
    return membership_factory(role="approver", entity=requester.entity, unit=place)


@pytest.fixture
def administrator(requester, membership_factory):
    return membership_factory(role="entity_administrator", entity=requester.entity)


@pytest.fixture
def ask_for(administrator, noon):
    """`ask_for(1, "person", person=…, amount_from=…)`: a step of the policy, asked for since yesterday."""

    def ask_for(position: int, who: str, **words):
        words = {name: Decimal(value) if name.startswith("amount") else value for name, value in words.items()}
        yesterday = noon - timedelta(days=1)
        return rule_add(position=position, who=who, valid_from=yesterday.date(), actor=administrator, at=yesterday, **words)

    return ask_for


@pytest.fixture
def approve(noon):
    def approve(requisition, actor, *, gross=None):
        requisition.refresh_from_db()
        seen = requisition.gross.amount if gross is None else gross
        return requisition_approve(requisition_id=requisition.pk, gross_seen=seen, actor=actor, at=noon)

    return approve


@pytest.fixture
def people(requester, approver, head, finance, administrator):
    return {"any": approver, "head": head, "finance": finance}


def refused(call) -> list[str]:
    with pytest.raises(RuleBroken) as refusal:
        call()
    return refusal.value.codes


# the listing costs 10.00 net, 11.50 with VAT: 8 of them are 92.00, 9 are 103.50, 87 are 1,000.50
CASES = {
    "no policy: any one approver": ([], 9, [["any", "head", "finance"]]),
    "below the first band: as without a policy": ([(1, "unit", {"amount_from": "103.51"})], 9, [["any", "head", "finance"]]),
    "at the lower edge it counts": ([(1, "unit", {"amount_from": "103.50"})], 9, [["finance"]]),
    "at the upper edge it does not": ([(1, "unit", {"amount_until": "103.50"})], 9, [["any", "head", "finance"]]),
    "a cent below the upper edge it does": ([(1, "unit", {"amount_until": "103.51"})], 9, [["finance"]]),
    "the unit that asks": ([(1, "own_unit", {})], 1, [["head"]]),
    "one person": ([(1, "person", {})], 1, [["any"]]),
    "a step of another unit's needs is not asked for": ([(1, "person", {"for_unit": "finance"})], 1, [["any", "head", "finance"]]),
    "a step of this unit's needs is": ([(1, "person", {"for_unit": "head"})], 1, [["any"]]),
    "a step of the product's category is": ([(1, "unit", {"for_category": True})], 1, [["finance"]]),
    "two steps, in the order of the policy": ([(2, "unit", {}), (1, "own_unit", {})], 9, [["head"], ["finance"]]),
    "a third only from a thousand on": (
        [(1, "own_unit", {}), (2, "unit", {}), (3, "person", {"amount_from": "1000"})], 87, [["head"], ["finance"], ["any"]]
    ),
}  # fmt: skip


@pytest.mark.feature("OR-3")
@pytest.mark.parametrize("case", CASES)
def test_goes_to_whom_the_policy_says_and_gives_its_orders_at_the_end(
    case, send, approve, ask_for, people, listing_factory, category_factory, noon
):
    rules, quantity, expected = CASES[case]
    shelf = category_factory()
    listing = listing_factory(price=Decimal(10))
    listing.product.categories.set([shelf])
    for position, who, words in rules:
        words = words | {"for_category": shelf} if "for_category" in words else words
        words = words | {"for_unit": people[words["for_unit"]].unit} if "for_unit" in words else words
        named = {"unit": {"unit": people["finance"].unit}, "person": {"person": people["any"]}}.get(who, {})
        ask_for(position, who, **words, **named)

    requisition = send((listing, quantity))

    for deciders in expected:
        assert Order.objects.count() == 0
        current = route_of(requisition, noon).current
        names = {each.pk: name for name, each in people.items()}
        assert {names[each.actor.pk] for each in route_of(requisition, noon).choices(current)} == set(deciders)
        asked = {name for name, each in people.items() if requisition in requisitions_to_decide(each, noon)}
        assert asked == set(deciders)
        for name in set(people) - set(deciders):
            codes = refused(lambda name=name: approve(requisition, people[name]))
            assert codes in (["not_your_turn"], ["step_approved_by_you"])
        approve(requisition, people[deciders[0]])
    assert Requisition.objects.get().status == "approved"
    assert Order.objects.get().total_incl_tax == quantity * Decimal("11.50")


@pytest.mark.feature("OR-3")
def test_is_frozen_when_sent(send, approve, ask_for, finance, approver, administrator, listing_factory, noon):
    rule = ask_for(1, "unit", unit=finance.unit)
    requisition = send((listing_factory(), 1))
    later = noon + timedelta(minutes=1)
    rule_end(rule_id=rule.pk, actor=administrator, at=later)
    rule_add(position=1, who="person", person=approver, valid_from=noon.date(), actor=administrator, at=later)

    assert refused(lambda: approve(requisition, approver)) == ["not_your_turn"]
    assert len(approve(requisition, finance)) == 1


@pytest.mark.feature("OR-3")
def test_an_amount_that_falls_below_a_threshold_meanwhile_asks_for_fewer_steps(
    send, approve, ask_for, approver, finance, officer, listing_factory, noon, left
):
    ask_for(1, "person", person=approver)
    ask_for(2, "unit", unit=finance.unit, amount_from="100")
    listing = listing_factory(price=Decimal(10))
    requisition = send((listing, 9))
    assert requisition.steps.count() == 2
    listing_reprice(listing_id=listing.pk, price=Decimal(9), actor=officer, at=noon)  # 93.15 with VAT

    [order] = approve(requisition, approver, gross=Decimal("93.15"))

    assert order.total_incl_tax == Decimal("93.15")
    assert left(requisition.certificate.amount) == Decimal("100000.00") - Decimal("93.15")


def test_an_amount_that_comes_to_ask_for_a_step_that_nobody_can_do_is_not_approved(
    send, approve, ask_for, approver, administrator, unit_factory, officer, listing_factory, noon
):
    ask_for(1, "person", person=approver)
    ask_for(2, "unit", unit=unit_factory(entity=approver.entity), amount_until="100")
    listing = listing_factory(price=Decimal(10))
    requisition = send((listing, 9))
    listing_reprice(listing_id=listing.pk, price=Decimal(8), actor=officer, at=noon)  # 82.80 with VAT

    assert refused(lambda: approve(requisition, approver, gross=Decimal("82.80"))) == ["step_without_approver"]
    assert requisition.steps.count() == 1


def test_after_a_step_the_reservation_is_that_of_the_amount_approved(
    send, approve, ask_for, approver, finance, officer, listing_factory, noon, left
):
    ask_for(1, "person", person=approver)
    ask_for(2, "unit", unit=finance.unit)
    listing = listing_factory(price=Decimal(10))
    requisition = send((listing, 9))
    listing_reprice(listing_id=listing.pk, price=Decimal(9), actor=officer, at=noon)

    assert approve(requisition, approver, gross=Decimal("93.15")) == []

    assert left(requisition.certificate.amount) == Decimal("100000.00") - Decimal("93.15")
    assert Requisition.objects.get().status == "in_approval"


@pytest.mark.feature("OR-3")
def test_a_step_that_nobody_can_do_refuses_and_names_whom_to_ask(send, ask_for, unit, administrator, listing_factory, requester):
    ask_for(1, "own_unit")

    with pytest.raises(RuleBroken) as refusal:
        send((listing_factory(), 1))

    assert refusal.value.codes == ["step_without_approver"]
    assert refusal.value.broken[0].values["administrators"] == str(administrator.user)
    assert refusal.value.broken[0].values["who"].endswith("Farmacia")
    assert not Requisition.objects.exists()


def test_two_steps_of_one_person_are_refused(send, ask_for, approver, listing_factory):
    ask_for(1, "person", person=approver)
    ask_for(2, "person", person=approver)

    assert refused(lambda: send((listing_factory(), 1))) == ["too_few_approvers"]
    assert not Requisition.objects.exists()


def test_who_alone_can_do_a_later_step_leaves_this_one_to_another(send, approve, ask_for, approver, finance, listing_factory):
    ask_for(1, "anyone")
    ask_for(2, "unit", unit=finance.unit)
    requisition = send((listing_factory(), 1))

    assert refused(lambda: approve(requisition, finance)) == ["needed_for_another_step"]
    assert approve(requisition, approver) == []
    assert len(approve(requisition, finance)) == 1


def test_a_step_that_never_came_is_not_listed_and_ends_once(administrator, approver, noon, browse):
    words = {"who": "person", "person": approver, "actor": administrator}
    rule = rule_add(position=1, valid_from=localdate() + timedelta(days=9), at=noon, **words)
    rule_end(rule_id=rule.pk, actor=administrator, at=noon)

    assert list(browse(administrator, "rules").context["rules"]) == []
    assert refused(lambda: rule_end(rule_id=rule.pk, actor=administrator, at=noon)) == ["rule_ended"]


def test_who_approved_a_step_in_anothers_place_still_sees_it_when_the_delegation_is_over(
    send, approve, ask_for, approver, finance, membership_factory, delegation_factory, listing_factory, noon
):
    ask_for(1, "person", person=approver)
    ask_for(2, "unit", unit=finance.unit)
    delegate = membership_factory(role="requester", entity=approver.entity)
    days = {"valid_from": noon.date(), "valid_until": noon.date() + timedelta(days=1)}
    delegation_factory(principal=approver, delegate=delegate, **days)
    requisition = send((listing_factory(), 1))
    approve(requisition, delegate)

    assert list(requisitions_visible_to(delegate)) == [requisition]
    assert list(requisitions_decided_by(delegate)) == [requisition]


# ---------------------------------------------------------------- on screen
@pytest.fixture
def browse(client):
    def browse(membership, page, *args, **data):
        client.force_login(membership.user, backend=SIGN_IN)
        url = reverse(f"requisition:{page}", args=args)
        return client.post(url, data) if data else client.get(url)

    return browse


STEP = {"position": "1", "amount_from": "0", "who": "unit", "valid_from": "23/11/2026"}


@pytest.mark.feature("OR-3")
def test_the_administrator_sets_it_and_the_requester_sees_it_before_sending(
    browse, requester, finance, administrator, listing_factory, approver
):
    today = localdate().strftime("%d/%m/%Y")
    step = STEP | {"unit": "Dirección Financiera", "amount_from": "1.000,00", "valid_from": today}
    assert browse(administrator, "rule-create", **step).status_code == 302
    rule = requester.entity.approval_rules.get()
    assert (rule.amount_from.amount, rule.amount_until, rule.unit) == (Decimal(1000), None, finance.unit)
    listing = listing_factory(price=Decimal(10))

    for quantity, who in ((86, approver), (1, finance)):  # 989.00 with VAT, then 1,000.50
        put_in_cart((listing, quantity), actor=requester, at=now())
        [step] = browse(requester, "requisition-create").context["way"]
        assert str(who.user) in step.who + step.people

    assert browse(administrator, "rule-end", rule.id_public, nothing="").status_code == 302
    [step] = browse(requester, "requisition-create").context["way"]
    assert str(approver.user) in step.people


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"who": "unit"}, "unit"), ({"who": "person"}, "person"), ({"who": "anyone", "amount_until": "0"}, "amount_until"),
        ({"who": "anyone", "amount_from": "mil"}, "amount_from"), ({"who": "anyone", "valid_from": "22/11/2020"}, "valid_from"),
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_is_said_at_its_field(browse, administrator, changed, field):
    response = browse(administrator, "rule-create", **(STEP | {"valid_from": "23/11/2099"} | changed))

    assert list(errors_of(response)) == [field]
    assert not administrator.entity.approval_rules.exists()


def test_units_and_people_of_others_cannot_be_chosen(browse, administrator, membership_factory, unit_factory):
    stranger = membership_factory(role=Role.APPROVER)
    response = browse(administrator, "rule-create", **(STEP | {"who": "person", "person": str(stranger.id_public)}))
    assert list(errors_of(response)) == ["person"]
    assert not administrator.entity.approval_rules.exists()
