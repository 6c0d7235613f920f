"""Makes the entries of sheets from PostgreSQL: a handful of queries for a thousand sheets, whatever they hold."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db.models import F
from django.utils.html import strip_tags

from framework_agreements.models import AgreementLot
from marketplace.registry.places import cantons, cantons_of, provinces
from marketplace.shop.catalogue.models import Category, Product, ProductAttributeValue
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.querysets import BEST_FIRST, LOT, SUPPLIER

from .port import ANYWHERE, WHOLE_COUNTRY, Entry, Sheet
from .words import codes_in, compact, has_digit, prepared

AT_ONCE = 1000
OFFERED = ("partner_sku", "base_price", f"{SUPPLIER}__ruc", f"{SUPPLIER}__name", f"{LOT}__agreement__code")
SHORTEST_CPC = 5  # a CPC code is also found by its class, of five digits or more


Coverages = frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing on sale. `price`: USD per base unit; `coverage`: the cantons to which it goes; `agreement`: its code."""

    sku: str
    price: Decimal
    ruc: str
    supplier: str
    coverage: frozenset[str]
    agreement: str = ""


def product_batches() -> Iterator[list[int]]:
    """All sheets by their keys, a thousand at once."""
    last = 0
    while batch := list(Product.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        yield batch
        last = batch[-1]


def sheets_on_sale(on: date) -> int:
    """How many sheets the index ought to hold."""
    return StockRecord.objects.on_sale(on).order_by().values("product").distinct().count()


def entries_of(product_ids: Collection[int], *, on: date) -> list[Entry]:
    """What the index holds of these sheets on a day; nothing of one without a listing on sale."""
    offers = _offers(product_ids, on)
    sheets = _sheets(offers.keys())
    return [entry for product_id in sheets for entry in entries(sheets[product_id], offers[product_id])]


# ---------------------------------------------------------------- offers by place


def _offers(product_ids: Collection[int], on: date) -> dict[int, list[Offer]]:
    """The best first."""
    rows = list(
        StockRecord.objects.on_sale(on)
        .filter(product__in=product_ids)
        .order_by("product_id", *BEST_FIRST)
        .values_list("product", *OFFERED, "delivery_cantons", LOT)
    )
    coverages = _lot_coverages({row[-1] for row in rows})
    offers = defaultdict(list)
    for product_id, sku, price, ruc, supplier, agreement, own_cantons, lot in rows:
        coverage = coverages[lot] if own_cantons is None else frozenset(own_cantons)
        offers[product_id].append(Offer(sku, price, ruc, supplier, coverage, agreement))
    return offers


def _lot_coverages(lot_ids: Collection[int]) -> dict[int, frozenset[str]]:
    lots = AgreementLot.objects.filter(pk__in=lot_ids).order_by().values_list("pk", "delivery_cantons")
    return {lot_id: frozenset(delivery_cantons) for lot_id, delivery_cantons in lots}


def entries(sheet: Sheet, offers: list[Offer]) -> Iterator[Entry]:
    """`offers`: at least one, the best first."""
    for coverages, places in regions(frozenset(offer.coverage for offer in offers)).items():
        yield _entry(sheet, [offer for offer in offers if offer.coverage in coverages], places)


@lru_cache(maxsize=10_000)
def regions(coverages: Coverages) -> dict[Coverages, tuple[str, ...]]:
    """Places that the same of these coverages reach, together: none is in two regions. ANYWHERE stands by all of them."""
    reached = defaultdict(set)
    for canton in frozenset().union(*coverages):
        reached[frozenset(coverage for coverage in coverages if canton in coverage)].add(canton)
    places = {reaching: place_names(frozenset(covered)) for reaching, covered in reached.items()}
    return places | {coverages: (ANYWHERE, *places.get(coverages, ()))}


@lru_cache(maxsize=10_000)
def place_names(covered: frozenset[str]) -> tuple[str, ...]:
    """Cantons in few names: the whole country, whole provinces, the cantons that remain."""
    if covered >= cantons().keys():
        return (WHOLE_COUNTRY,)
    whole = [code for code in provinces() if covered.issuperset(cantons_of(code))]
    return (*whole, *sorted(canton for canton in covered if canton[:2] not in whole))


def _entry(sheet: Sheet, offers: list[Offer], places: tuple[str, ...]) -> Entry:
    skus = {offer.sku for offer in offers}
    codes = {sku for sku in skus if has_digit(sku)} | {offer.agreement for offer in offers}
    sellers = {offer.supplier for offer in offers} | {sku for sku in skus if not has_digit(sku)}
    return Entry(
        sheet=sheet,
        places=places,
        suppliers=tuple(sorted({offer.ruc for offer in offers})),
        price=offers[0].price,
        sku=offers[0].sku,
        sellers=prepared(" · ".join(sorted(sellers))),
        codes=tuple(sorted({compact(code) for code in codes} - {""})),
    )


# ---------------------------------------------------------------- sheets


def _sheets(product_ids: Iterable[int]) -> dict[int, Sheet]:
    product_ids = list(product_ids)
    columns = ("pk", "code", "title", "sort_key", "brand", "description", "cpc_code", "gtin")
    products = Product.objects.filter(pk__in=product_ids).order_by("pk").only(*columns)
    shelves, attributes = _shelves(product_ids), _attributes(product_ids)
    return {product.pk: sheet_of(product, shelves[product.pk], *attributes[product.pk]) for product in products}


def sheet_of(product: Product, shelves: dict[int, str], attributes: Iterable[str] = (), figures: Iterable[str] = ()) -> Sheet:
    """`shelves`: its categories and those above, names by key. `attributes`, `figures`: what it says of itself in words and in
    numbers.
    """
    title = prepared(product.title)
    codes = {*sheet_codes(product.code), *cpc_classes(product.cpc_code), compact(product.gtin or ""), *codes_in(title)}
    return Sheet(
        product_id=product.pk,
        code=product.code,
        name=product.title,
        sort_key=product.sort_key,
        title=title,
        brand=prepared(product.brand),
        brand_name=product.brand,
        description=prepared(" · ".join([strip_tags(product.description), *attributes])),
        categories=prepared(" · ".join(shelves.values())),
        category_ids=tuple(shelves),
        codes=tuple(sorted(codes - {""})),
        figures=prepared(" · ".join(figures)),
    )


def sheet_codes(code: str) -> set[str]:
    """«FN-000227-7» is also found without its check digit, «FN-000227», and by its number alone, «000227»."""
    body = code.rpartition("-")[0]
    return {compact(code), compact(body), body.rpartition("-")[2].lower()}


def cpc_classes(cpc_code: str) -> set[str]:
    """«321290011» and the classes that it lies in, down to five digits."""
    return {compact(cpc_code[:digits]) for digits in range(SHORTEST_CPC, len(cpc_code) + 1)}


def _shelves(product_ids: list[int]) -> dict[int, dict[int, str]]:
    """Categories by sheet, those above them included: their names by key."""
    through = Product.categories.through.objects.filter(product__in=product_ids)
    paths = list(through.order_by("product_id", "category_id").values_list("product", "category__path"))
    step = Category.steplen
    branches = {path: [path[: end + step] for end in range(0, len(path), step)] for _product, path in paths}
    above = Category.objects.filter(path__in={part for branch in branches.values() for part in branch})
    named = {path: (key, name) for key, path, name in above.values_list("pk", "path", "name")}
    shelves = defaultdict(dict)
    for product_id, path in paths:
        shelves[product_id].update(named[part] for part in branches[path])
    return shelves


def _attributes(product_ids: list[int]) -> dict[int, tuple[list[str], list[str]]]:
    """What the sheets say of themselves in words, and in numbers with their names, by sheet."""
    values = ProductAttributeValue.objects.filter(product__in=product_ids).order_by("product_id", "attribute_id")
    found = defaultdict(lambda: ([], []))
    numbers = ("attribute__name", "value_integer", "value_float")
    for product_id, text, option, name, *figures in values.values_list(
        "product", "value_text", F("value_option__option"), *numbers
    ):
        words_found, figures_found = found[product_id]
        words_found.extend(part for part in (text, option) if part)
        figures_found.extend(f"{name} {figure}" for figure in figures if figure is not None)
    return found
