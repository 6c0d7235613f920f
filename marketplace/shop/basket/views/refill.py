"""Buying again what a list, a cart put aside, an order or a requisition held: what has changed is read and confirmed."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import ngettext

from marketplace.kernel.screens.views import RuleFormView
from marketplace.registry.delivery import canton_of
from marketplace.shop.order.models import Order
from marketplace.shop.order.selectors import orders_visible_to
from marketplace.shop.requisition.models import Requisition, RequisitionLine
from marketplace.shop.requisition.selectors import requisitions_visible_to

from ..forms import RefillForm
from ..purchase_lists import list_agreed, wanted_of
from ..refilling import Refill, Wanted, basket_refill, refill_of
from .lists import OneList


class RefillView(RuleFormView):
    """Shows what has changed, and puts what can be bought into the cart.

    The button elsewhere («Order again») posts without having shown anything: when something changed it leads here.
    """

    permission = "basket.use_basket"
    form_class = RefillForm
    template_name = "basket/refill.html"

    def wanted(self) -> list[Wanted]:
        raise NotImplementedError

    @cached_property
    def refill(self) -> Refill:
        return refill_of(self.wanted(), on=localdate(), canton=canton_of(self.request))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if "net_seen" not in request.POST and self.refill.has_changes:
            return redirect(request.path)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(refill=self.refill, **context)

    def act(self, form) -> str:
        seen = form.cleaned_data["net_seen"]
        net_seen = self.refill.net if seen is None else seen
        done = basket_refill(
            wanted=self.wanted(), net_seen=net_seen, canton=canton_of(self.request), actor=self.membership, at=now()
        )
        self.agreed({line.listing.pk: line.quantity for line in done.buyable})
        count = len(done.buyable)
        return ngettext("{n} product is in the cart.", "{n} products are in the cart.", count).format(n=count)

    def agreed(self, taken: dict[int, int]) -> None:
        """What follows for that which was bought again."""

    def get_success_url(self) -> str:
        return reverse("basket:summary")


class ListRefillView(OneList, RefillView):
    """From a list, or from a cart put aside."""

    def wanted(self) -> list[Wanted]:
        return wanted_of(self.object)

    def agreed(self, taken: dict[int, int]) -> None:
        list_agreed(list_id=self.object.pk, taken=taken, actor=self.membership, at=now())


class AgainView(RefillView):
    """From a document; the requisition that follows begins with its words. `repeated`: its number."""

    repeated: str

    def get_success_url(self) -> str:
        return f"{reverse('basket:summary')}?de={self.repeated}"


class OrderRefillView(AgainView):
    def get_object(self) -> Order:
        return self.found(orders_visible_to(self.membership), number=self.kwargs["number"])

    @property
    def repeated(self) -> str:
        return self.object.requisition.number

    def wanted(self) -> list[Wanted]:
        lines = self.object.lines.order_by("pk")
        return [Wanted(line.stockrecord_id, line.quantity, line.unit_price_excl_tax) for line in lines]


class RequisitionRefillView(AgainView):
    def get_object(self) -> Requisition:
        return self.found(requisitions_visible_to(self.membership), number=self.kwargs["number"])

    @property
    def repeated(self) -> str:
        return self.object.number

    def wanted(self) -> list[Wanted]:
        return [Wanted(line.listing_id, line.quantity, line.unit_price.amount) for line in self.lines()]

    def lines(self) -> QuerySet[RequisitionLine]:
        return self.object.lines.kept()


class RejectedRefillView(RequisitionRefillView):
    """Only the lines that an approver took out: to buy them in another way."""

    def lines(self) -> QuerySet[RequisitionLine]:
        return self.object.lines.rejected()
