"""The sheet: what it is, and all offers of it. Offers come from `request.strategy`: this room knows no supplier."""

from marketplace.kernel.screens.views import PUBLIC, Screen
from marketplace.registry.places import canton_choices, canton_name, cantons

from .models import DRAWINGS, Product
from .selectors import category_trail, specifications_of


class ProductDetailView(Screen):
    """A product sheet with every offer, the best one first and why."""

    permission = PUBLIC
    template_name = "catalogue/product_detail.html"

    def get_context_data(self, **context):
        product = self.found(Product.objects.filter(is_public=True), code=self.kwargs["code"].upper())
        canton, trail = self.get_canton(), category_trail(product)
        return super().get_context_data(
            product=product,
            trail=trail,
            drawing=trail[-1].drawing if trail else DRAWINGS[0],
            specifications=specifications_of(product),
            offers=self.request.strategy.offers_for_product(product, canton=canton),
            canton=canton,
            canton_name=canton_name(canton) if canton else "",
            canton_choices=canton_choices(),
            **context,
        )

    def get_canton(self) -> str:
        """As asked; without asking, where the person's entity is."""
        asked = self.request.GET.get("canton")
        if asked is not None:
            return asked if asked in cantons() else ""
        entity = self.membership.entity if self.membership else None
        return entity.canton_code if entity else ""
