"""A result list as a file for spreadsheets: the same sheets in the same order, up to a thousand."""

from dataclasses import replace
from datetime import date

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from marketplace.kernel.spreadsheets import csv_response, workbook_response

from .cards import Card, cards_of
from .port import Query
from .selectors import search

AT_MOST = 1000


def result_file(query: Query, asked: str, *, on: date) -> HttpResponseBase:
    """`asked`: one of the `FORMATS` of lists."""
    result = search(replace(query, offset=0, size=AT_MOST, facets=()))
    cards = cards_of(result.product_ids, on=on, canton=query.canton)
    answer = workbook_response if asked == "xlsx" else csv_response
    return answer(f"catalogo.{asked}", [heads(), *map(row, cards)])


def heads() -> list[str]:
    return [
        _("Sheet code"), _("CPC code"), _("Product"), _("Brand"), _("Base unit"), _("Price per base unit, USD without VAT"),
        _("Pack"), _("Price per pack, USD without VAT"), _("Offers"), _("Delivery time in days"),
        _("Supplier of the first offer"), _("Agreement"),
    ]  # fmt: skip


def row(card: Card) -> list:
    offer = card.offer
    return [
        offer.code, offer.cpc_code, offer.title, offer.brand, offer.base_unit_name, offer.base_price,
        offer.pack, offer.price, offer.offer_count, offer.lead_time_days, offer.supplier_name, offer.agreement_code,
    ]  # fmt: skip
