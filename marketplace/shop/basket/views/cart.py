"""The cart: what it holds, grouped into the orders that it will give."""

from uuid import UUID

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from marketplace.kernel.screens.views import ActionView, Screen, is_ours
from marketplace.registry.delivery import canton_of
from marketplace.shop.catalogue.units import unit_name
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.selectors import listing_named

from ..forms import BasketAddForm, QuantityForm
from ..models import Line
from ..selectors import cart_of, open_basket_of
from ..services import basket_add, basket_line_remove, basket_line_set

PERMISSION = "basket.use_basket"


class BasketView(Screen):
    """The open cart at today's prices, checked against the place of delivery."""

    permission = PERMISSION
    template_name = "basket/basket.html"

    def get_context_data(self, **context):
        basket = open_basket_of(self.membership)
        canton = canton_of(self.request)
        cart = cart_of(basket, on=localdate(), canton=canton)
        returned = getattr(basket, "requisition", None) if basket else None
        repeated = self.request.GET.get("de", "")  # the requisition whose products were ordered again
        return super().get_context_data(cart=cart, returned=returned, canton=canton, repeated=repeated, **context)


class CartActionView(ActionView):
    """Acts on the cart, and returns to the page from which it was asked."""

    permission = PERMISSION

    def get_success_url(self) -> str:
        asked = self.request.POST.get("next", "")
        return asked if is_ours(self.request, asked) else reverse("basket:summary")


class BasketAddView(CartActionView):
    """Put an offer into the cart."""

    form_class = BasketAddForm

    def get_object(self) -> StockRecord:
        try:
            listing = listing_named(UUID(self.request.POST.get("listing", "")), on=localdate())
        except ValueError as missing:  # no id can be so
            raise Http404 from missing
        if listing is None:
            raise Http404
        return listing

    def act(self, form) -> str:
        line = basket_add(listing=self.object, quantity=form.cleaned_data["quantity"], actor=self.membership, at=now())
        unit = unit_name(self.object.sales_unit, line.quantity)
        words = {"quantity": line.quantity, "unit": unit, "product": self.object.product.title, "supplier": self.object.supplier}
        return _("In the cart, from {supplier}: {quantity} {unit} of {product}.").format(**words)


class LineActionView(CartActionView):
    """Acts on a line of one's own open cart, named by its listing."""

    def get_object(self) -> Line:
        mine = Line.objects.select_related("basket", "product").filter(basket=open_basket_of(self.membership))
        return self.found(mine, stockrecord__id_public=self.kwargs["listing"])


class BasketLineSetView(LineActionView):
    """Change the quantity of a line."""

    form_class = QuantityForm

    def act(self, form) -> str:
        line = basket_line_set(line=self.object, quantity=form.cleaned_data["quantity"], at=now())
        return _("{product}: {quantity} in the cart.").format(product=self.object.product.title, quantity=line.quantity)


class BasketLineRemoveView(LineActionView):
    """Take a line out."""

    form_class = forms.Form

    def act(self, form) -> str:
        basket_line_remove(line=self.object)
        return _("{product} is no longer in the cart.").format(product=self.object.product.title)
