"""What stands in the cart's loop is made here, without a template: fifty lines are most of its page's time."""

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from marketplace.kernel.screens.templatetags.screens import act_link, cart_line, drawn_icon, quantity_form

from ..selectors import CartLine

register = template.Library()


@register.simple_tag(takes_context=True)
def basket_line(context: template.Context, line: CartLine) -> SafeString:
    """A line of the open cart: what comes, why it cannot, how many, and out with it."""
    listing, title, key = line.listing, line.listing.product.title, [line.listing.id_public]
    set_url, remove_url = reverse("basket:line-set", args=key), reverse("basket:line-remove", args=key)
    return cart_line(
        mark_safe(f'<p class="small">{line.promise}</p>{_problems(line)}'),
        name=title,
        href=listing.product.get_absolute_url(),
        meta=line.meta,
        unit_price=listing.price,
        total=line.priced.net,
        drawn=line.drawing,
        quantity=quantity_form(context, set_url, label=title, value=line.line.quantity, least=listing.minimum_quantity),
        links=act_link(context, remove_url, verb=_("Take out"), label=title),
    )


def _problems(line: CartLine) -> str:
    image = drawn_icon("exclamation-circle")
    return "".join(f'<p class="field__error">{image}<span>{escape(broken.sentence)}</span></p>' for broken in line.broken)
