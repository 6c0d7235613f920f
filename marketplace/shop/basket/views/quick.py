"""Quick order: paste or upload codes and quantities, look at what they mean, add what can be added."""

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.screens.views import ActionView, RuleFormView, ScreenMixin
from marketplace.kernel.spreadsheets import csv_response
from marketplace.registry.delivery import canton_of
from marketplace.shop.partner.models import StockRecord

from ..forms import QuickOrderForm
from ..quick_order import (
    LONGEST_CODE,
    LONGEST_QUANTITY,
    MOST_ROWS,
    ResolvedRow,
    Row,
    resolved,
    rows_of_file,
    rows_of_text,
    with_suggestions,
)
from ..services import Wish, basket_add_all

PERMISSION = "basket.use_basket"


class HasRows:
    """The lines that wait, kept in the session until they are added: by the role in which one acts."""

    permission = PERMISSION

    @property
    def _key(self) -> str:
        return f"quick_order_{self.membership.pk}"

    def rows(self) -> list[Row]:
        return [Row(*row) for row in self.request.session.get(self._key, ())]

    def keep(self, rows: list[Row]) -> None:
        self.request.session[self._key] = [[row.number, row.code, row.quantity] for row in rows]

    def resolved(self, rows: list[Row]) -> list[ResolvedRow]:
        return resolved(rows, on=localdate(), canton=canton_of(self.request))

    def get_success_url(self) -> str:
        return reverse("basket:quick-order")


class QuickOrderView(HasRows, RuleFormView):
    """Paste or upload; beneath it, what the lines mean. Nothing is added here."""

    form_class = QuickOrderForm
    template_name = "basket/quick_order.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.GET.get("formato") == "csv":
            return csv_response("pedido_rapido_por_corregir.csv", self._failed_lines())
        return super().get(request, *args, **kwargs)

    def _failed_lines(self) -> list[list[str]]:
        failed = [each for each in self.resolved(self.rows()) if each.why]
        return [[_("code"), _("quantity"), _("why")], *([e.row.code, e.row.quantity, e.why.sentence] for e in failed)]

    def get_context_data(self, **context):
        found = with_suggestions(self.resolved(self.rows()), canton_of(self.request))
        good = [each for each in found if not each.why]
        return super().get_context_data(found=found, good_count=len(good), bad_count=len(found) - len(good), **context)

    def act(self, form) -> str:
        file = form.cleaned_data["file"]
        rows = rows_of_file(file) if file else rows_of_text(form.cleaned_data["lines"])
        if not rows:
            refuse([Broken("quick_file_unreadable")])
        self.keep(rows)
        sentence = ngettext("{n} line read. Nothing is added yet.", "{n} lines read. Nothing is added yet.", len(rows))
        return sentence.format(n=len(rows))


class QuickOrderActView(HasRows, ActionView):
    """The buttons of the lines: look again, use what was suggested, add those that can be added, forget them all."""

    form_class = forms.Form

    def act(self, form) -> str:
        asked, _between, value = self.request.POST.get("act", "").partition(":")
        rows = self.rows_sent()
        if asked == "add":
            return self.add(rows)
        if asked == "clear":
            self.keep([])
            return _("The lines are gone. Nothing was added.")
        if asked == "use":
            number, _between, code = value.partition(":")
            rows = [Row(row.number, code[:LONGEST_CODE], row.quantity) if str(row.number) == number else row for row in rows]
        self.keep(rows)
        return _("Looked up again. Nothing is added yet.")

    def rows_sent(self) -> list[Row]:
        """As they stand in the page's fields; a line whose code and quantity were emptied is gone."""
        sent = zip(*(self.request.POST.getlist(name)[:MOST_ROWS] for name in ("number", "code", "quantity")), strict=False)
        rows = (
            Row(int(number), code.replace("\0", "").strip()[:LONGEST_CODE], quantity.replace("\0", "").strip()[:LONGEST_QUANTITY])
            for number, code, quantity in sent
            if number.isascii() and number.isdigit() and len(number) < 7
        )
        return [row for row in rows if row.code or row.quantity]

    def add(self, rows: list[Row]) -> str:
        """Those that mean an offer go into the cart; the others stay, to be corrected."""
        found = self.resolved(rows)
        self.keep(rows)
        good, bad = [each for each in found if not each.why], [each.row for each in found if each.why]
        if not good:
            refuse([Broken("quick_none_resolved")])
        basket_add_all(wishes=_wishes(good), actor=self.membership)
        self.keep(bad)
        sentence = ngettext("{n} of {all} lines is in the cart.", "{n} of {all} lines are in the cart.", len(good))
        return sentence.format(n=len(good), all=len(found))

    def get_success_url(self) -> str:
        is_done = self.request.POST.get("act") == "add" and not self.rows()
        return reverse("basket:summary") if is_done else super().get_success_url()


def _wishes(found: list[ResolvedRow]) -> list[Wish]:
    """One for each offer, whatever the number of lines that ask for it."""
    packs: dict[StockRecord, int] = {}
    for each in found:
        packs[each.listing] = packs.get(each.listing, 0) + each.packs
    return [Wish(listing, quantity) for listing, quantity in packs.items()]


class QuickOrderSampleView(ScreenMixin):
    """A file to begin with, with codes that exist."""

    permission = PERMISSION

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        offers = StockRecord.objects.on_sale(localdate()).select_related("product").order_by("pk")[:2]
        codes = [(offer.partner_sku, offer.minimum_quantity) for offer in offers[:1]]
        codes += [(offer.product.code, offer.minimum_quantity * offer.pack_factor) for offer in offers[1:]]
        return csv_response("pedido_rapido_ejemplo.csv", [[_("code"), _("quantity")], *codes])
