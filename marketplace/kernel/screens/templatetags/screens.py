"""The cheap core of the components: what stands in loops is made here, without a template."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime, now
from django.utils.translation import get_language, gettext

from ..answers import KEY_FIELD
from ..looks import Look, look_of
from ..shown import DAY, Deadline, amount_of, amount_text, day_text, last_day_text, moment_text, near_text, number_text

register = template.Library()

NOTHING = "\u2014"
NOTICES = {
    "success": Look("ok", "check-circle"),
    "error": Look("bad", "exclamation-octagon"),
    "warning": Look("warn", "exclamation-triangle"),
    "info": Look("info", "info-circle"),
}


# ---------------------------------------------------------------- pictures
@register.simple_tag
def icon(name: str, label: Any = "") -> SafeString:
    """Beside a text an icon says nothing; alone it needs a `label`."""
    return drawn_icon(name, str(label))


@lru_cache(maxsize=1024)
def drawn_icon(name: str, label: str = "") -> SafeString:
    use = f'<use href="{static("icons.svg")}#{escape(name)}"></use></svg>'
    if label:
        return mark_safe(f'<svg class="icon" role="img" aria-label="{escape(label)}">{use}')
    return mark_safe(f'<svg class="icon" aria-hidden="true">{use}')


@register.simple_tag
@lru_cache(maxsize=256)
def drawing(name: str, viewbox: str = "0 0 64 64") -> SafeString:
    """A drawing of ours, by the name of its symbol in `art.svg`; a box where nobody chose one."""
    use = f'<use href="{static("art.svg")}#{escape(name or "caja")}"></use>'
    return mark_safe(f'<svg viewBox="{viewbox}" aria-hidden="true">{use}</svg>')


# ---------------------------------------------------------------- amounts
@register.filter
def money(value: Any, size: str = "") -> SafeString:
    """«USD 1.234,56». `size`: ``lg`` for the sum of a page."""
    return _money(value, size)


@register.filter
def unit_price(value: Any, size: str = "") -> SafeString:
    """«USD 3,1275»: two to four decimals, as many as count."""
    return _money(value, size, is_unit_price=True)


def _money(value: Any, size: str, *, is_unit_price: bool = False) -> SafeString:
    if value is None or value == "":
        return mark_safe(NOTHING)
    currency = getattr(value, "currency", settings.CURRENCY)
    look = f"money money--{size}" if size else "money"
    text = amount_text(value, is_unit_price=is_unit_price)
    return mark_safe(f'<span class="{look}"><small>{currency}</small>&nbsp;{text}</span>')


@register.filter
def amount(value: Any) -> str:
    """«1.234,56», where the head of the column names the currency."""
    return NOTHING if value is None else amount_text(value)


@register.filter
def unit_amount(value: Any) -> str:
    """«3,1275», a unit price where the head of the column names the currency."""
    return NOTHING if value is None else amount_text(value, is_unit_price=True)


@register.filter
def num(value: Any) -> str:
    """«12.400», a count or a quantity."""
    return NOTHING if value is None or value == "" else number_text(amount_of(value))


@register.filter
def percent(value: Any) -> str:
    """«15 %», «−26,6 %»: `value` is in percent; one decimal when it counts."""
    if value is None or value == "":
        return NOTHING
    share = amount_of(value)
    return f"{number_text(share, 0 if share == share.to_integral_value() else 1)}\u00a0%"


# ---------------------------------------------------------------- time
@register.filter
def when(value: date | None) -> SafeString:
    """An instant or a day: «lun 23 nov 2026, 10:42», readable for programs as well."""
    return _time(value, moment_text(value)) if value else mark_safe(NOTHING)


@register.filter
def day(value: date | None) -> SafeString:
    """The day of an instant: «lun 23 nov 2026»."""
    return _time(value, day_text(value)) if value else mark_safe(NOTHING)


@register.filter
def last_day(until: date) -> SafeString:
    """The last day of a period that is stored half-open: «30 abr 2028»."""
    return _time(until - DAY, last_day_text(until))


def _time(value: date, text: str, look: str = "") -> SafeString:
    local = localtime(value) if isinstance(value, datetime) else value
    return format_html('<time{} datetime="{}">{}</time>', look, local.isoformat(), text)


@register.simple_tag
def deadline(at: date, *, clock: Any = None, is_stacked: bool = False) -> SafeString:
    """Icon, how long still, and when. `clock`: the present, if not the server's."""
    due = Deadline(at, clock or now())
    looks = ["deadline"]
    looks += ["deadline--late"] if due.is_late else ["deadline--soon"] if due.is_soon else []
    looks += ["deadline--stacked"] if is_stacked else []
    return format_html(
        '<span class="{}">{}<span class="deadline__relative">{}</span>{}</span>',
        " ".join(looks),
        drawn_icon("exclamation-triangle" if due.is_late else "clock"),
        str(due),
        _time(at, near_text(at, due.now), mark_safe(' class="deadline__absolute"')),
    )


# ---------------------------------------------------------------- states
@register.simple_tag
def tag(text: Any, *, tone: str = "", icon: str = "", is_small: bool = False) -> SafeString:
    """Icon, word and tint: never a colour alone."""
    looks = f"tag tag--{tone}" if tone and tone != "still" else "tag"
    looks += " tag--sm" if is_small else ""
    return format_html('<span class="{}">{}{}</span>', looks, drawn_icon(icon) if icon else "", text)


@register.simple_tag
def status(row: Any, *, is_small: bool = False) -> SafeString:
    """The state of a row, with the look that its room gave to it (`looks.py`)."""
    choice = type(row).Status(row.status)
    look = look_of(choice)
    return tag(choice.label, tone=look.tone, icon=look.icon, is_small=is_small)


@register.filter
def message_tone(level: str) -> str:
    """The tone of a notice for a level of Django's messages."""
    return NOTICES.get(level, NOTICES["info"]).tone


@register.filter
def tone_icon(tone: str) -> str:
    return next((look.icon for look in NOTICES.values() if look.tone == tone), NOTICES["info"].icon)


@register.simple_tag
def bar(whole: Any, *, spent: Any = 0, this: Any = 0, done: Any = 0) -> SafeString:
    """Parts of a whole side by side. What is over the whole fills the rest in the colour of an error."""
    parts = (("is-spent", spent), ("is-done", done), ("is-this", this))
    return mark_safe("".join(_rectangles(amount_of(whole or 0), parts)))


def _rectangles(whole: Decimal, parts: tuple[tuple[str, Any], ...]) -> Iterator[str]:
    start = Decimal(0)
    for name, value in parts:
        share = amount_of(value or 0) * 100 / whole if whole else Decimal(0)
        width = min(share, 100 - start)
        if width > 0:
            look = "is-over" if share > width else name
            yield f'<rect class="{look}" x="{start:.2f}" width="{width:.2f}" height="1"/>'
            start += width


# ---------------------------------------------------------------- what stands two dozen times on a page
@register.simple_tag
def stepper(*, label: str, name: str = "quantity", value: int = 1, least: int = 1, id: str = "") -> SafeString:
    """A quantity of `label`, as a field of its own."""
    field = format_html(
        '<input{} name="{}" value="{}" data-min="{}" inputmode="numeric" autocomplete="off" aria-label="{}">',
        format_html(' id="{}"', id) if id else "",
        name,
        str(value),
        str(least),
        gettext("Quantity of {label}").format(label=label),
    )
    return stepping(field, label=label)


@register.simple_block_tag
def stepping(content: str, *, label: str, look: str = "") -> SafeString:
    """A field with a button for less and one for more. The buttons wait for the script; without it one types."""
    less = _step(-1, gettext("One less of {label}").format(label=label), drawn_icon("dash"))
    more = _step(1, gettext("One more of {label}").format(label=label), drawn_icon("plus"))
    return format_html('<span class="{}" data-stepper>{}{}{}</span>', f"stepper {look}".strip(), less, content, more)


def _step(by: int, label: str, image: SafeString) -> SafeString:
    return format_html('<button type="button" data-step="{}" aria-label="{}" hidden>{}</button>', str(by), label, image)


@register.simple_block_tag
def product_card(
    content: str,
    *,
    href: str,
    name: str,
    code: str,
    unit: str = "",
    specs: str = "",
    picture: str = "",
    drawn: str = "caja",
    price: Any = None,
    price_lead: str = "",
    price_note: str = "",
    note: str = "",
    flag: str = "",
    extra: str = "",
) -> SafeString:
    """A sheet in a result page; the content is its foot. As a template it takes five times as long."""
    image = format_html('<img src="{}" alt="" loading="lazy">', picture) if picture else drawing(drawn)
    lead = f'<span class="muted">{escape(price_lead)}</span> ' if price_lead else ""
    cost = f'{lead}{unit_price(price)} <span class="muted">{escape(price_note)}</span><br>' if price else ""
    foot = f'<div class="product-card__foot">{content}</div>' if content.strip() else ""
    return mark_safe(
        f'<article class="product-card"><div class="product-card__media">{image}{conditional_escape(flag)}</div>'
        f'<div class="product-card__body"><h3><a href="{escape(href)}">{escape(name)}</a></h3>'
        f'<p class="product-card__specs">{escape(specs)}</p>'
        f'<p class="tiny muted">{escape(" · ".join(filter(None, (code, unit))))}</p>'
        f'<p class="product-card__price">{cost}<span class="muted">{escape(note)}</span></p>{conditional_escape(extra)}</div>'
        f"{foot}</article>"
    )


@register.simple_block_tag
def cart_line(
    content: str,
    *,
    name: str,
    href: str = "",
    meta: str = "",
    unit_price: Any = "",
    total: Any = "",
    picture: str = "",
    drawn: str = "caja",
    quantity: str = "",
    links: str = "",
    level: int = 3,
) -> SafeString:
    """A line of a cart; the content is what is said of it. As a template it takes five times as long."""
    image = format_html('<img src="{}" alt="" loading="lazy">', picture) if picture else drawing(drawn)
    title = f'<a href="{escape(href)}">{escape(name)}</a>' if href else escape(name)
    head = f'<h{level} class="cart-line__name">{title}</h{level}>'
    price = f" · {_money(unit_price, '', is_unit_price=True)}" if unit_price != "" else ""
    acts = f'<div class="cart-line__links">{conditional_escape(links)}</div>' if links else ""
    return mark_safe(
        f'<div class="cart-line"><span class="thumb thumb--md">{image}</span><div>{head}'
        f'<p class="muted">{escape(meta)}{price}</p>{content}{acts}</div>'
        f'<div class="cart-line__quantity">{conditional_escape(quantity)}</div>'
        f'<div class="cart-line__total strong">{_money(total, "")}</div></div>'
    )


@register.simple_tag
def facet_value(*, name: str, value: str, label: str, count: int, id: str, on: bool = False) -> SafeString:
    """A value of a filter with its number; one that would give nothing is grey."""
    is_zero = not count and not on
    state = " checked" if on else " disabled" if is_zero else ""
    return format_html(
        '<li class="form-check{}"><input class="form-check-input" type="checkbox" id="{}" name="{}" value="{}"{}>'
        '<label for="{}">{}</label><span class="count">{}</span></li>',
        " is-zero" if is_zero else "", id, name, value, state, id, label, number_text(count),
    )  # fmt: skip


# ---------------------------------------------------------------- addresses
@register.simple_tag
def home_url() -> str:
    """The portal's root, in the language of the page."""
    language = get_language()
    return "/" if language in (None, settings.LANGUAGE_CODE) else f"/{language}/"


@register.simple_tag(takes_context=True)
def query_fields(context: template.Context, *left_out: str) -> SafeString:
    """Hidden fields that keep the page's query, for a form that changes one part of it."""
    request: HttpRequest | None = context.get("request")
    pairs = request.GET.lists() if request else ()
    fields = ((name, value) for name, values in pairs if name not in left_out for value in values)
    return mark_safe("".join(format_html('<input type="hidden" name="{}" value="{}">', *field) for field in fields))


# ---------------------------------------------------------------- forms
@register.simple_tag
def form_key(given: str = "") -> SafeString:
    """The key by which a second press of the same form is known."""
    return format_html('<input type="hidden" name="{}" value="{}">', KEY_FIELD, given or uuid4())


@register.filter
def error_target(field: BoundField) -> str:
    """The id of the control that a line of the error summary leads to; of a group, its first."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def error_count(form: BaseForm) -> int:
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def field_kind(field: BoundField) -> str:
    """``checkbox`` (label after it), ``group`` (a legend over several controls), or ``control``."""
    if field.use_fieldset:
        return "group"
    return "checkbox" if getattr(field.field.widget, "input_type", "") == "checkbox" else "control"
