"""A supplier's own listings: what is on sale, at what price, and why something is not."""

from django import forms
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.errors import sentence_for
from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.views import ActionView, RuleFormView

from .forms import PriceForm
from .models import StockRecord
from .rules import words_about
from .selectors import listings_of
from .services import listing_publish, listing_reprice, listing_withdraw

PERMISSION = "partner.manage_listings"


class ListingsView(ListScreen):
    """All that one's own company offers."""

    permission = PERMISSION
    template_name = "partner/listings.html"
    search_fields = ("partner_sku", "product__title", "product__code", "product__gtin")
    sort = "name"
    download_name = "ofertas"
    columns = (
        Column("sku", gettext_lazy("Your code"), "partner_sku", value=lambda row: row.partner_sku),
        Column("name", gettext_lazy("Product"), "product__sort_key", value=lambda row: row.product.title),
        Column("agreement", gettext_lazy("Agreement"), "adjudicated_item__adjudication__lot__agreement__code"),
        Column("price", gettext_lazy("Price"), "price", is_number=True, value=lambda row: row.price),
        Column("stock", gettext_lazy("Stock left"), "stock_left", is_number=True, value=lambda row: int(row.stock_left)),
        Column("status", gettext_lazy("State"), "status", value=lambda row: row.get_status_display()),
    )

    def get_rows(self):
        return listings_of(self.membership).with_refusal(localdate()).with_stock_left()


class OneListing:
    permission = PERMISSION

    def get_object(self) -> StockRecord:
        return self.found(listings_of(self.membership).with_refusal(localdate()), id_public=self.kwargs["id_public"])

    def get_success_url(self) -> str:
        return reverse("partner:listing", args=[self.kwargs["id_public"]])


class ListingView(OneListing, RuleFormView):
    """One listing, with its prices; the form lowers the price."""

    form_class = PriceForm
    template_name = "partner/listing.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"current": self.object.price}

    def get_context_data(self, **context):
        refusal = self.object.refusal
        return super().get_context_data(
            refusal=sentence_for(refusal, **words_about(self.object)) if refusal else "",
            prices=self.object.prices.all()[:20],
            **context,
        )

    def act(self, form) -> str:
        listing = listing_reprice(listing_id=self.object.pk, price=form.cleaned_data["price"], actor=self.membership, at=now())
        return _("The new price of {product} holds from now on.").format(product=listing.product.title)


class ListingWithdrawView(OneListing, ActionView):
    form_class = forms.Form

    def act(self, form) -> str:
        listing_withdraw(listing_id=self.object.pk, actor=self.membership, at=now())
        return _("{product} is off sale.").format(product=self.object.product.title)


class ListingPublishView(OneListing, ActionView):
    form_class = forms.Form

    def act(self, form) -> str:
        listing_publish(listing_id=self.object.pk, actor=self.membership, at=now())
        return _("{product} is on sale again.").format(product=self.object.product.title)
