"""A result list as a file for spreadsheets: the same sheets in the same order, up to a thousand."""

import csv
from dataclasses import replace
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _

from marketplace.kernel.screens.lists import harmless

from .cards import Card, cards_of
from .port import Query
from .selectors import search

AT_MOST = 1000


def result_file(query: Query, *, on: date) -> HttpResponse:
    """With a byte order mark and semicolons, as spreadsheets here expect."""
    result = search(replace(query, offset=0, size=AT_MOST, facets=()))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="catalogo.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(heads())
    writer.writerows([harmless(value) for value in row(card)] for card in cards_of(result.product_ids, on=on, canton=query.canton))
    return response


def heads() -> list[str]:
    return [
        _("Sheet code"), _("CPC code"), _("Product"), _("Brand"), _("Base unit"), _("Price per base unit, USD without VAT"),
        _("Pack"), _("Offers"), _("Delivery time in days"), _("Supplier of the first offer"), _("Agreement"),
    ]  # fmt: skip


def row(card: Card) -> list:
    sheet, offer = card.product, card.offer
    return [
        sheet.code, sheet.cpc_code, sheet.title, sheet.brand, sheet.base_unit_name, offer.base_price,
        offer.pack, offer.offer_count, offer.lead_time_days, offer.supplier.name, offer.agreement.code,
    ]  # fmt: skip
