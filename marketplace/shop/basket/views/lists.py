"""Purchase lists and carts put aside: the unit's, one's own, and what colleagues shared."""

from django import forms
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.views import ActionView, RuleFormView, Screen
from marketplace.kernel.text import SortKey
from marketplace.registry.delivery import canton_of
from marketplace.registry.roles import Role
from marketplace.registry.selectors import colleagues_who_act_as
from marketplace.shop.partner.models import StockRecord

from ..forms import ListForm, MergeForm, ParkForm, QuantityForm
from ..models import PurchaseList
from ..purchase_lists import (
    cart_park,
    list_add_cart,
    list_close,
    list_line_remove,
    list_line_set,
    list_merge,
    list_save,
    lists_known_to,
    lists_visible_to,
    wanted_of,
)
from ..refilling import refill_of
from ..selectors import line_count_of

PERMISSION = "basket.use_basket"


class ListsView(ListScreen):
    """The lists that this person may buy from; or the carts that wait aside."""

    permission = PERMISSION
    template_name = "basket/lists.html"
    search_fields = ("name",)
    sort = "name"
    download_name = "listas"
    columns = (
        Column("name", gettext_lazy("Name"), SortKey("name"), value=lambda row: row.name),
        Column("owner", gettext_lazy("Made by"), "owner__user__sort_key", value=lambda row: str(row.owner.user)),
        Column("made", gettext_lazy("Made"), "created_at", value=lambda row: row.created_at),
        Column("lines", gettext_lazy("Products"), "line_count", is_number=True, value=lambda row: row.line_count),
    )

    @property
    def kind(self) -> str:
        return PurchaseList.Kind.PARKED if self.request.GET.get("ver") == "apartados" else PurchaseList.Kind.LIST

    def get_rows(self):
        return lists_visible_to(self.membership).filter(kind=self.kind)

    def get_context_data(self, **context):
        parked = lists_visible_to(self.membership).filter(kind=PurchaseList.Kind.PARKED)
        return super().get_context_data(
            is_parked=self.kind == PurchaseList.Kind.PARKED, parked_count=parked.count(), has_cart=_has_cart(self), **context
        )


class ListCreateView(RuleFormView):
    """Keep the cart as a list."""

    permission = PERMISSION
    form_class = ListForm
    template_name = "basket/list_create.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"unit": str(self.membership.unit or "")}

    def get_context_data(self, **context):
        return super().get_context_data(lines=line_count_of(self.membership), **context)

    def act(self, form) -> str:
        name, is_for_all = form.cleaned_data["name"], form.is_for_all
        self.saved = list_save(name=name, is_for_all=is_for_all, actor=self.membership, at=now())
        return _("«{name}» is saved. Your cart stays as it is.").format(name=self.saved)

    def get_success_url(self) -> str:
        return self.saved.get_absolute_url()


class CartParkView(RuleFormView):
    """Put the cart aside, alone or shared with a colleague."""

    permission = PERMISSION
    form_class = ParkForm
    template_name = "basket/cart_park.html"

    def get_form_kwargs(self):
        colleagues = colleagues_who_act_as(Role.REQUESTER, self.membership, localdate())
        return super().get_form_kwargs() | {"colleagues": colleagues}

    def get_context_data(self, **context):
        return super().get_context_data(lines=line_count_of(self.membership), **context)

    def act(self, form) -> str:
        parked = cart_park(**form.cleaned_data, actor=self.membership, at=now())
        if parked.shared_with:
            words = {"name": parked, "colleague": parked.shared_with.user}
            return _("«{name}» waits aside; {colleague} can take it up too. Your cart is empty.").format(**words)
        return _("«{name}» waits aside. Your cart is empty.").format(name=parked)

    def get_success_url(self) -> str:
        return f"{reverse('basket:lists')}?ver=apartados"


class OneList:
    """A list that this person may see, by its public id; a button also finds one that is closed, and says so."""

    permission = PERMISSION

    def get_object(self) -> PurchaseList:
        lists = lists_known_to if self.request.method == "POST" else lists_visible_to
        return self.found(lists(self.membership), id_public=self.kwargs["id_public"])


class ListView(OneList, Screen):
    """What stands on a list, at the prices of now."""

    template_name = "basket/list.html"

    def get_context_data(self, **context):
        held = self.get_object()
        return super().get_context_data(
            list=held,
            refill=refill_of(wanted_of(held), on=localdate(), canton=canton_of(self.request)),
            merge_form=None if held.is_parked else MergeForm(lists=_others(self, held)),
            is_mine=held.owner_id == self.membership.pk,
            has_cart=_has_cart(self),
            **context,
        )


class ListAct(OneList, ActionView):
    """A button on a list."""

    form_class = forms.Form

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class ListAddCartView(ListAct):
    """Put the cart onto a list that exists."""

    def act(self, form) -> str:
        list_add_cart(list_id=self.object.pk, actor=self.membership, at=now())
        return _("What is in your cart is on «{name}» now.").format(name=self.object)


class ListMergeView(ListAct):
    """Put this list onto another."""

    form_class = MergeForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"lists": _others(self, self.object)}

    def act(self, form) -> str:
        target = form.cleaned_data["target"]
        self.target = list_merge(source_id=self.object.pk, target_id=target.pk, actor=self.membership, at=now())
        return _("«{source}» is part of «{target}» now.").format(source=self.object, target=target)

    def get_success_url(self) -> str:
        return self.target.get_absolute_url()

    def get_return_url(self) -> str:
        return self.object.get_absolute_url()


class ListCloseView(ListAct):
    """Its owner needs it no longer."""

    def act(self, form) -> str:
        list_close(list_id=self.object.pk, actor=self.membership, at=now())
        return _("«{name}» is closed.").format(name=self.object)

    def get_success_url(self) -> str:
        return reverse("basket:lists")

    def get_return_url(self) -> str:
        return self.object.get_absolute_url()


class ListLineAct(ListAct):
    """A button on a line of a list, named by its listing."""

    @property
    def listing(self) -> StockRecord:
        on_it = StockRecord.objects.select_related("product").filter(pk__in=self.object.lines.values("listing"))
        return self.found(on_it, id_public=self.kwargs["listing"])


class ListLineSetView(ListLineAct):
    form_class = QuantityForm

    def act(self, form) -> str:
        listing, quantity = self.listing, form.cleaned_data["quantity"]
        at_once = {"list_id": self.object.pk, "listing_id": listing.pk, "actor": self.membership, "at": now()}
        list_line_set(quantity=quantity, **at_once)
        return _("{product}: {quantity} on the list.").format(product=listing.product.title, quantity=quantity)


class ListLineRemoveView(ListLineAct):
    def act(self, form) -> str:
        listing = self.listing
        list_line_remove(list_id=self.object.pk, listing_id=listing.pk, actor=self.membership, at=now())
        return _("{product} is no longer on the list.").format(product=listing.product.title)


def _others(view, held: PurchaseList):
    """Lists with which this one can be joined."""
    return lists_visible_to(view.membership).filter(kind=PurchaseList.Kind.LIST).exclude(pk=held.pk)


def _has_cart(view) -> bool:
    return line_count_of(view.membership) > 0
