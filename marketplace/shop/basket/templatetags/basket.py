"""What stands in the cart's loop is made here, without a template: fifty lines are most of its page's time."""

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from marketplace.kernel.screens.templatetags.screens import cart_line, drawn_icon, form_key, stepper

from ..selectors import CartLine

register = template.Library()


@register.simple_tag(takes_context=True)
def basket_line(context: template.Context, line: CartLine) -> SafeString:
    """A line of the open cart: what comes, why it cannot, how many, and out with it."""
    listing, token = line.listing, CsrfTokenNode().render(context)
    return cart_line(
        mark_safe(f'<p class="small">{line.promise}</p>{_problems(line)}'),
        name=listing.product.title,
        href=listing.product.get_absolute_url(),
        meta=line.meta,
        unit_price=listing.price,
        total=line.priced.net,
        drawn=line.drawing,
        quantity=_quantity_form(line, token),
        links=_remove_form(line, token),
    )


def _problems(line: CartLine) -> str:
    image = drawn_icon("exclamation-circle")
    return "".join(f'<p class="field__error">{image}<span>{escape(broken.sentence)}</span></p>' for broken in line.broken)


def _quantity_form(line: CartLine, token: str) -> SafeString:
    listing, label = line.listing, line.listing.product.title
    return format_html(
        '<form class="cluster" method="post" action="{}">{}{}{}<button class="btn btn-quiet btn-small" type="submit">{}'
        '<span class="visually-hidden">: {}</span></button></form>',
        reverse("basket:line-set", args=[listing.id_public]), token, form_key(),
        stepper(label=label, value=line.line.quantity, least=listing.minimum_quantity), _("Update"), label,
    )  # fmt: skip


def _remove_form(line: CartLine, token: str) -> SafeString:
    """As `<c-act kind="link">`."""
    return format_html(
        '<form method="post" action="{}">{}{}<button class="link-button" type="submit">{}<span class="visually-hidden">: {}</span>'
        "</button></form>",
        reverse("basket:line-remove", args=[line.listing.id_public]), token, form_key(), _("Take out"), line.listing.product.title,
    )  # fmt: skip
