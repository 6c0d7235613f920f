"""A supplier's own listings: what is on sale, at what price, and why something is not."""

from uuid import UUID, uuid4

from django import forms
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.kernel.errors import RuleBroken, sentence_for
from marketplace.kernel.plugins import entries_for
from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import state_filter
from marketplace.kernel.screens.views import ActionView, RuleFormView

from .forms import GridForm, PriceForm, TermsForm, terms_of
from .models import StockRecord
from .rules import words_about
from .selectors import listings_of
from .services import listing_publish, listing_reprice, listing_terms_change, listing_withdraw, listings_change

PERMISSION = "partner.manage_listings"


class ListingsView(ListScreen):
    """All that one's own company offers."""

    permission = PERMISSION
    template_name = "partner/listings.html"
    search_fields = ("partner_sku", "product__title", "product__code", "product__gtin")
    filters = (state_filter(StockRecord.Status.choices),)
    sort = "name"
    download_name = "ofertas"
    columns = (
        Column("sku", gettext_lazy("Your code"), "partner_sku", value=lambda row: row.partner_sku),
        Column("name", gettext_lazy("Product"), "product__sort_key", value=lambda row: row.product.title),
        Column(
            "agreement",
            gettext_lazy("Agreement"),
            "adjudicated_item__adjudication__lot__agreement__code",
            value=lambda row: row.agreement.code,
        ),
        Column("price", gettext_lazy("Price"), "price", is_number=True, value=lambda row: row.price),
        Column("stock", gettext_lazy("Stock left"), "stock_left", is_number=True, value=lambda row: int(row.stock_left)),
        Column("status", gettext_lazy("State"), "status", value=lambda row: row.get_status_display()),
    )

    def get_rows(self):
        return listings_of(self.membership).with_refusal(localdate()).with_stock_left()

    def get_context_data(self, **context):
        ways = entries_for(self.request.user, "listings")
        return super().get_context_data(edit_query=self.url_with(formato=None), ways_to_offer=ways, **context)


class ListingsEditView(ListingsView, RuleFormView):
    """Price and terms of a page of listings in one table: what is right is saved, what is wrong stays to be corrected."""

    form_class = GridForm
    template_name = "partner/listings_edit.html"

    def post(self, request, *args, **kwargs):
        self.object_list = self.get_queryset()
        form = self.form_of(self.rows_sent())
        return self.form_valid(form) if form.listings else redirect(self.get_success_url())

    def get_context_data(self, **context):
        context = super().get_context_data(**{"form": None} | context)
        return context | {"form": context["form"] or self.form_of(context["object_list"])}

    def form_of(self, listings) -> GridForm:
        return GridForm(self.request.POST or None, listings=listings)

    def rows_sent(self) -> list[StockRecord]:
        """Those of one's own that the page had, whatever has changed of the list since."""
        sent = [key for key in map(uuid_of, self.request.POST.getlist("listing")[: self.paginate_by]) if key]
        return list(listings_of(self.membership).filter(id_public__in=sent).order_by("pk"))

    def form_valid(self, form):
        form.full_clean()
        answer = super().form_valid(form)
        return self.form_invalid(form) if form.errors and answer.status_code == 302 else answer

    def form_invalid(self, form):
        form.keep_wrong()
        self.form_key = str(uuid4())  # what is corrected is another form
        return self.render_to_response(self.get_context_data(form=form))

    def act(self, form) -> str:
        changes = form.changes()
        refused = listings_change(changes=changes, actor=self.membership, at=now())
        form.refuse(refused)
        saved = len(changes) - len(refused)
        if not saved and form.errors:
            raise RuleBroken([])  # they stand at the cells
        if not saved:
            return _("No listing is changed.")
        return ngettext("{n} listing is changed.", "{n} listings are changed.", saved).format(n=saved)

    def get_success_url(self) -> str:
        return self.request.get_full_path()


def uuid_of(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


class OneListing:
    permission = PERMISSION

    def get_object(self) -> StockRecord:
        return self.found(listings_of(self.membership).with_refusal(localdate()), id_public=self.kwargs["id_public"])

    def get_success_url(self) -> str:
        return reverse("partner:listing", args=[self.kwargs["id_public"]])


class ListingPage(OneListing, RuleFormView):
    """One listing, with its prices, and two forms. `form_name`: the one that this view answers."""

    form_name: str
    template_name = "partner/listing.html"

    def get_context_data(self, **context):
        refusal, listing = self.object.refusal, self.object
        context = super().get_context_data(
            price_form=PriceForm(current=listing.price),
            terms_form=TermsForm(initial=terms_of(listing)),
            is_short=listing.stock.left < listing.minimum_quantity,
            refusal=sentence_for(refusal, **words_about(self.object)) if refusal else "",
            prices=self.object.prices.all()[:20],
            **context,
        )
        return context | {self.form_name: context["form"], f"{self.form_name}_key": self.form_key}


class ListingView(ListingPage):
    """The page; its form lowers the price."""

    form_name = "price_form"
    form_class = PriceForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"current": self.object.price}

    def act(self, form) -> str:
        listing = listing_reprice(listing_id=self.object.pk, price=form.cleaned_data["price"], actor=self.membership, at=now())
        return _("The new price of {product} holds from now on.").format(product=listing.product.title)


class ListingTermsView(ListingPage):
    """The same page where its other form is refused; opened as a page, it leads back there."""

    form_name = "terms_form"
    form_class = TermsForm

    def get(self, request, *args, **kwargs):
        self.get_object()
        return redirect(self.get_success_url())

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"initial": terms_of(self.object)}

    def act(self, form) -> str:
        listing_terms_change(listing_id=self.object.pk, actor=self.membership, at=now(), **form.changed_terms)
        if not form.has_changed():
            return _("The terms are as they were.")
        return _("The new terms of {product} hold from now on.").format(product=self.object.product.title)


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
