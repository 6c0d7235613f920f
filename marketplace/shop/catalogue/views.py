"""The sheet: what it is, and all offers of it. Offers come from `request.strategy`: this room knows no supplier."""

from django.core.paginator import Page, Paginator

from marketplace.kernel.screens.addresses import query_with
from marketplace.kernel.screens.views import PUBLIC, Screen
from marketplace.registry.delivery import DeliveryScreen, canton_options
from marketplace.registry.places import canton_name

from .forms import QuantityAskedForm
from .models import DRAWINGS, Product
from .selectors import category_trail, specifications_of
from .units import unit_name

OFFERS_ON_A_PAGE = 20
CLOSED_PAGE = "cerradas"  # the page of the offers that cannot be had here


class ProductDetailView(DeliveryScreen, Screen):
    """A product sheet with every offer, for a place and a quantity: the best one first and why; the others page by page."""

    permission = PUBLIC
    template_name = "catalogue/product_detail.html"

    def get_context_data(self, **context):
        product = self.found(Product.objects.filter(is_public=True), code=self.kwargs["code"].upper())
        trail, asked = category_trail(product), QuantityAskedForm(self.request.GET)
        base_units = asked.cleaned_data["cantidad"] if asked.is_valid() else None
        offers = self.request.strategy.offers_for_product(product, canton=self.canton, base_units=base_units)
        return super().get_context_data(
            product=product,
            trail=trail,
            drawing=trail[-1].drawing if trail else DRAWINGS[0],
            specifications=specifications_of(product),
            offers=offers,
            open_page=self.page_of(offers.open, "pagina"),
            closed_page=self.page_of([(why, offer) for why, group in offers.closed_groups for offer in group], CLOSED_PAGE),
            shows_closed=CLOSED_PAGE in self.request.GET or not offers.open,
            asked=asked,
            units=unit_name(product.base_unit, 2),
            canton=self.canton,
            canton_name=canton_name(self.canton) if self.canton else "",
            places=canton_options(self.canton),
            **context,
        )

    def page_of(self, offers: list, name: str) -> Page:
        """One page of the offers, with the addresses of its neighbours: for the same place and quantity."""
        page = Paginator(offers, OFFERS_ON_A_PAGE).get_page(self.request.GET.get(name))
        page.previous_url = self.url_of(name, page.previous_page_number()) if page.has_previous() else ""
        page.next_url = self.url_of(name, page.next_page_number()) if page.has_next() else ""
        return page

    def url_of(self, name: str, number: int) -> str:
        return f"{query_with(self.request.GET, **{name: str(number)})}#ofertas"
