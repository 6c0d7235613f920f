"""What the style page shows: invented figures, names and dates, the same at every visit."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import TextChoices
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.screens.fields import AmountField, DayField
from marketplace.kernel.screens.lists import Column, Head
from marketplace.kernel.screens.looks import TONES, Look, show
from marketplace.kernel.screens.narrowing import Choice, Download, ListTools, Select
from marketplace.shop.catalogue.models import DRAWINGS

CLOCK = datetime(2026, 11, 23, 10, 42, tzinfo=ZoneInfo("America/Guayaquil"))
LONG_NAME = "Mantenimiento preventivo y correctivo de equipos de climatización de precisión para centros de datos"


@dataclass(frozen=True)
class SampleRow:
    class Status(TextChoices):
        WAITING = "waiting", _("To accept")
        LATE = "late", _("Overdue")
        DONE = "done", _("Received")

    number: str
    entity: str
    status: str
    due: date
    gross: Decimal


show(
    SampleRow.Status,
    waiting=Look("warn", "inbox"),
    late=Look("bad", "exclamation-triangle"),
    done=Look("ok", "box-seam"),
)


@dataclass(frozen=True)
class SampleCard:
    name: str
    code: str
    specs: str
    drawing: str
    price: Decimal


class SampleForm(forms.Form):
    """Every kind of field. `posted` to see it with errors."""

    purpose = forms.CharField(label=_("Purpose"), help_text=_("It is shown on the order."))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))
    canton = forms.ChoiceField(label=_("Deliver in"), choices=[("1101", "Loja (Loja)"), ("1901", "Zamora (Zamora Chinchipe)")])
    amount = AmountField(label=_("Certified amount"), help_text=_("With VAT."))
    until = DayField(label=_("Valid until"), help_text=_("Day/month/year."))
    partial = forms.BooleanField(label=_("Partial deliveries are accepted"), required=False)
    mode = forms.ChoiceField(
        label=_("What to apply"),
        choices=[("valid", _("Only the valid rows")), ("all", _("All or nothing"))],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label=_("Days of reception"),
        choices=[("mon", _("Monday")), ("wed", _("Wednesday"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    certificate = forms.FileField(label=_("Budget certificate"), help_text="PDF, 20 MB.", required=False)


def samples() -> dict[str, Any]:
    return {
        "clock": CLOCK,
        "long_name": LONG_NAME,
        "tones": TONES,
        "drawings": DRAWINGS,
        "amounts": [Decimal("0"), Decimal("-1234.5"), Decimal("1284000000")],
        "prices": [Decimal("3.1"), Decimal("3.335"), Decimal("0.02645")],
        "deadlines": deadlines(),
        "heads": heads(),
        "tools": tools(),
        "tools_in_vain": replace(tools(), count=0),
        "rows": rows(),
        "page": sample_page(),
        "cards": cards(),
        "form_empty": SampleForm(auto_id="empty_%s", initial={"mode": "valid"}),
        "form_wrong": wrong_form(),
        "qr": QR,
        "chart": CHART,
    }


def deadlines() -> list[date]:
    return [CLOCK + timedelta(hours=5, minutes=18), CLOCK - timedelta(days=2), date(2026, 11, 26)]


def tools() -> ListTools:
    choices = [Choice("issued", _("Issued"), is_chosen=False), Choice("accepted", _("Accepted"), is_chosen=True)]
    downloads = [Download("CSV", "?formato=csv"), Download("XLSX", "?formato=xlsx")]
    select = Select("estado", _("State"), _("All states"), choices)
    return ListTools(1237, words="resma", can_search=True, selects=[select], downloads=downloads, all_url="#lists")


def heads() -> list[Head]:
    columns = [
        (Column("number", _("Order"), sort="number"), "ascending"),
        (Column("entity", _("Entity"), sort="entity"), ""),
        (Column("status", _("Status")), ""),
        (Column("due", _("Due")), ""),
        (Column("gross", _("Total with VAT"), sort="gross", is_number=True), ""),
    ]
    return [Head(column, direction, f"?orden={column.key}" if column.sort else "") for column, direction in columns]


def rows() -> list[SampleRow]:
    return [
        SampleRow("OC-2026-004533-1", "Municipio de Valle Hermoso", "waiting", deadlines()[0], Decimal("612")),
        SampleRow("OC-2026-004530-6", "Distrito Educativo Río Tomebamba", "late", deadlines()[1], Decimal("418.35")),
        SampleRow("OC-2026-004471-2", LONG_NAME, "done", deadlines()[2], Decimal("1006308.20")),
    ]


def sample_page() -> Page:
    return Paginator(range(1237), 24).page(2)


def cards() -> list[SampleCard]:
    return [
        SampleCard("Resma de papel bond A4 de 75 g", "FN-032.14.001", "75 g/m² · blancura 95 %", "resma", Decimal("3.13")),
        SampleCard(LONG_NAME, "FN-083.71.310", "24 h, 365 días", "servicio", Decimal("184250.5")),
        SampleCard("Tóner negro 85A compatible", "FN-045.17.085", "1.600 páginas", "toner", Decimal("40.75")),
    ]


def wrong_form() -> SampleForm:
    """As it comes back after sending it with errors."""
    form = SampleForm({"purpose": "", "amount": "tres", "until": "31/02/2026", "canton": "1101"}, auto_id="wrong_%s")
    form.add_error(None, _("The certificate 0412-2026 lacks USD 41,10. Lower the purchase or ask for another certificate."))
    return form


QR: SafeString = mark_safe(
    '<svg viewBox="0 0 21 21" shape-rendering="crispEdges" aria-hidden="true"><path d="M0 0h7v7H0zM14 0h7v7h-7zM0 14h7v7H0z'
    'M8 1h1v2h2V1h1v3H9v1h3v2h-1V6H9v2H8zM1 8h3v1h2v1H4v2H1zM14 8h2v2h3v1h2v2h-3v-1h-2v1h-2zM8 10h3v2h1v3h-2v2H8z"/></svg>'
)
CHART: SafeString = mark_safe(
    '<svg viewBox="0 0 340 110" role="img" aria-label="0–15: 3.064,00; 16–30: 1.982,40; 31–60: 860,00">'
    '<g class="chart__c1"><rect x="92" y="4" width="180" height="20" rx="3"/>'
    '<rect x="92" y="40" width="116" height="20" rx="3"/></g>'
    '<g class="chart__c2"><rect x="92" y="76" width="50" height="20" rx="3"/></g><text x="0" y="19">0–15</text>'
    '<text x="0" y="55">16–30</text><text x="0" y="91">31–60</text><text class="value" x="280" y="19">3.064,00</text>'
    '<text class="value" x="216" y="55">1.982,40</text><text class="value" x="150" y="91">860,00</text></svg>'
)
