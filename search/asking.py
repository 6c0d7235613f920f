"""A result page's address: what is looked for, and the addresses of the same page with one thing changed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.http import QueryDict

from marketplace.kernel.screens.addresses import query_with
from marketplace.kernel.screens.fields import plain_number
from marketplace.registry.places import cantons
from marketplace.shop.catalogue.models import Category

from .facets import FACETS, price_ranges
from .port import Cursor, Hit, Query, Sort

PER_PAGE = 24
DEEPEST = 99_000  # hits that can be skipped without a cursor
PLACE_IN_THE_LIST = ("pagina", "desde", "hasta")
CURSOR = re.compile(r"(\d{1,18})~(\d{1,18})~([0-9a-z ]{0,300})")
LONGEST = 200
SORTS = {"relevancia": Sort.RELEVANCE, "precio": Sort.PRICE, "nombre": Sort.NAME}
HIGHEST_PRICE = Decimal(10**12)


@dataclass
class Asked:
    """`within`: the category whose page it is. `home_canton`: the place of delivery unless the address names one."""

    data: QueryDict
    within: Category | None = None
    home_canton: str = ""

    # ------------------------------------------------------------ what it says

    @cached_property
    def words(self) -> str:
        return " ".join(self.data.get("q", "")[:LONGEST].replace("\0", "").split())

    @cached_property
    def canton(self) -> str:
        code = self.data.get("canton", self.home_canton)
        return code if not code or code in cantons() else self.home_canton

    @cached_property
    def categories(self) -> list[Category]:
        """The chosen shelves that exist, within this page's branch."""
        slugs = self._values("categoria")
        if not slugs:
            return []
        branch = self.within.path if self.within else ""
        return list(Category.objects.filter(slug__in=slugs, path__startswith=branch, is_public=True).order_by("path"))

    @cached_property
    def suppliers(self) -> tuple[str, ...]:
        return tuple(ruc for ruc in self._values("proveedor") if ruc.isdigit())

    @cached_property
    def brands(self) -> tuple[str, ...]:
        return self._values("marca")

    @cached_property
    def price_ranges(self) -> tuple[str, ...]:
        return tuple(value for value in self._values("precio") if value in price_ranges())

    @property
    def price_from(self) -> Decimal | None:
        return self.price_bounds[0]

    @property
    def price_until(self) -> Decimal | None:
        return self.price_bounds[1]

    @cached_property
    def price_bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """From and until; typed the wrong way round they are swapped."""
        low, high = self._price("precio.min"), self._price("precio.max")
        return (high, low) if low is not None and high is not None and low > high else (low, high)

    @cached_property
    def sort(self) -> str:
        """Without words there is nothing to be relevant to: then by name."""
        asked = self.data.get("orden")
        if asked in SORTS and (self.words or SORTS[asked] != Sort.RELEVANCE):
            return asked
        return "relevancia" if self.words else "nombre"

    @cached_property
    def page(self) -> int:
        number = self.data.get("pagina", "1")
        return max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else 1

    @cached_property
    def cursor(self) -> Cursor | None:
        """Where the page before ended (`desde`), or where the one after begins (`hasta`)."""
        for name in ("desde", "hasta"):
            parts = CURSOR.fullmatch(self.data.get(name, ""))
            if parts:
                price, product_id, sort_key = parts.groups()
                return Cursor(sort_key, int(product_id), int(price), is_backwards=name == "hasta")
        return None

    @property
    def is_exact(self) -> bool:
        return "exacto" in self.data

    @property
    def is_loose(self) -> bool:
        return "algunas" in self.data

    def _values(self, name: str) -> tuple[str, ...]:
        """What is chosen of a facet, each once."""
        return tuple(dict.fromkeys(value for value in self.data.getlist(name)[:PER_PAGE] if value and "\0" not in value))

    def _price(self, name: str) -> Decimal | None:
        number = plain_number(self.data.get(name, "")[:LONGEST])
        price = Decimal(number) if number and number.strip("-.") else None
        return price if price is not None and 0 <= price <= HIGHEST_PRICE else None

    def query(self, counted: Iterable[Category]) -> Query:
        """`counted`: the shelves that the page shows."""
        return Query(
            words=self.words,
            within=self.within and self.within.pk,
            categories=tuple(category.pk for category in self.categories),
            suppliers=self.suppliers,
            brands=self.brands,
            price_ranges=self.price_ranges,
            price_from=self.price_from,
            price_until=self.price_until,
            canton=self.canton,
            needs_all=not self.is_loose,
            is_exact=self.is_exact,
            sort=SORTS[self.sort],
            offset=min((self.page - 1) * PER_PAGE, DEEPEST),
            cursor=self.cursor,
            size=PER_PAGE,
            facets=FACETS,
            counted_categories=tuple(category.pk for category in counted),
        )

    # ------------------------------------------------------------ addresses

    def url_of_next(self, last: Hit) -> str:
        return self.url_with(pagina=str(self.page + 1), desde=_cursor(last))

    def url_of_previous(self, first: Hit) -> str:
        return self.url_with(pagina=str(self.page - 1), hasta=_cursor(first)) if self.page > 2 else self.url_with()

    def url_with(self, **changes: str | None) -> str:
        """From the first page on, unless it is the page that changes. None takes away."""
        return query_with(self.data, **(dict.fromkeys(PLACE_IN_THE_LIST) | changes))

    def url_without(self, name: str, value: str) -> str:
        query = self.data.copy()
        for place in PLACE_IN_THE_LIST:
            query.pop(place, None)
        query.setlist(name, [each for each in query.getlist(name) if each != value])
        return f"?{query.urlencode()}"

    @property
    def has_place(self) -> bool:
        """Then «anywhere» has to be said in the address: a place that was chosen is remembered."""
        return bool(self.home_canton or self.canton)

    @property
    def url_anywhere(self) -> str:
        return self.url_with(canton="" if self.has_place else None)

    @property
    def url_loose(self) -> str:
        """Some of the words, without any filter."""
        query = QueryDict(mutable=True)
        query.update({"q": self.words, "algunas": "1"} | ({"canton": ""} if self.has_place else {}))
        return f"?{query.urlencode()}"

    @property
    def url_bare(self) -> str:
        """The same words in the same order, without any filter."""
        query = QueryDict(mutable=True)
        query.update({name: self.data[name] for name in ("q", "orden", "exacto", "algunas") if name in self.data})
        if self.has_place:
            query["canton"] = ""
        return f"?{query.urlencode()}"


def _cursor(hit: Hit) -> str:
    return f"{hit.price}~{hit.product_id}~{hit.sort_key}"
