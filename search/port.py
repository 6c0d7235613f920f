"""What the marketplace asks of a search engine, whichever it is. `engine()` answers with the one that the settings name.

An index holds *entries*: one sheet as it is offered in some places of delivery, with the suppliers and the best price there.
The places of a sheet's entries never overlap, so at one place a sheet has at most one entry: that a supplier sells it there at
such a price is then three plain fields of one entry, exact in every engine. (Tried first: one document a sheet with a pair of
fields for each of the 221 cantons. 600 sheets a second against 46,000, and neither engine sorts by such a field.)
"""

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

ANYWHERE = "any"  # the entry that counts while no place is chosen: everything that is on sale
WHOLE_COUNTRY = "all"

MICRO_DOLLARS = 1_000_000


class EngineUnavailable(Exception):
    """The engine does not answer as it should. Its text says what to do."""


class IndexMissing(EngineUnavailable):
    """The engine answers, and has no index yet."""

    def __init__(self) -> None:
        super().__init__("There is no search index yet: run manage.py search_rebuild.")


class Sort(StrEnum):
    RELEVANCE = "relevance"
    PRICE = "price"
    NAME = "name"


class Reach(StrEnum):
    """Where the words may stand. ANYWHERE: also in the names of shelves and sellers, and in figures («Disco SSD (GB) 512»); NAMED:
    in title, brand and description of the sheet; ABOUT: there, and one of them is the first of the title, which says what it is.
    """

    ANYWHERE = "anywhere"
    NAMED = "named"
    ABOUT = "about"


@dataclass(frozen=True)
class Cursor:
    """Between two pages: right after this sheet, or right before it. `price`: in millionths of a dollar."""

    sort_key: str
    product_id: int
    price: int
    is_backwards: bool = False


@dataclass(frozen=True)
class Query:
    """What is looked for. Values of one filter are alternatives, filters narrow each other.

    `within`: a category in whose branch everything lies. `categories`, `suppliers` (RUC), `brands`, `price_ranges`
    (`facets.price_ranges`): chosen values. `price_from`, `price_until`: USD per base unit, both inclusive. `canton`: INEC code
    of the place of delivery. `needs_all`: all words must be there, or only some. `reach`: where they may stand. `is_exact`: words
    that nothing has are not corrected. `cursor`: counts before `offset` wherever the order is not by relevance, and costs the
    same on every page. `facets`: which to count; `counted_categories`: only these, if told.
    """

    words: str = ""
    within: int | None = None
    categories: tuple[int, ...] = ()
    suppliers: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    price_ranges: tuple[str, ...] = ()
    price_from: Decimal | None = None
    price_until: Decimal | None = None
    canton: str = ""
    needs_all: bool = True
    reach: Reach = Reach.ANYWHERE
    is_exact: bool = False
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    cursor: Cursor | None = None
    size: int = 24
    facets: tuple[str, ...] = ()
    counted_categories: tuple[int, ...] | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """Under which names the chosen place stands in an entry: the canton, its province, the whole country."""
        return (self.canton, self.canton[:2], WHOLE_COUNTRY) if self.canton else (ANYWHERE,)

    @property
    def is_ranked(self) -> bool:
        """Without words there is nothing to be relevant to: then by name."""
        return self.sort == Sort.RELEVANCE and bool(self.words.strip())

    @property
    def price_bounds(self) -> tuple[int | None, int | None]:
        """In millionths of a dollar."""
        return micro(self.price_from), micro(self.price_until)

    @property
    def has_filters(self) -> bool:
        return self != self.without_filters()

    def without_filters(self) -> "Query":
        """The same words in the same category, anywhere, at any price, of anyone."""
        bare = replace(self, categories=(), suppliers=(), brands=(), price_ranges=())
        return replace(bare, price_from=None, price_until=None, canton="")


@dataclass(frozen=True)
class Hit:
    """A sheet that was found. `sku` and `price` (millionths of a dollar): of its first offer at the place asked for. `score`: of
    relevance, when that is the order.
    """

    product_id: int
    code: str
    sku: str
    title: str
    score: float
    sort_key: str = ""
    price: int = 0


Facets = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Result:
    """`facets`: for each facet, how many sheets each value would give ("if I add this"), most first. `corrected`: the words that
    were looked for instead. `took_ms`: by the engine's clock. `is_degraded`: the engine is away; no ranking, no counts, and
    `total` counts no further than `fallback.COUNTED_UNTIL`.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Facets = field(default_factory=dict)
    corrected: str = ""
    took_ms: float = 0.0
    is_degraded: bool = False

    @property
    def product_ids(self) -> list[int]:
        return [hit.product_id for hit in self.hits]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is found of a sheet wherever it is delivered. Texts are prepared (`words.prepared`), `codes` compact. `figures`: its
    attributes that are numbers, with their names.
    """

    product_id: int
    code: str
    name: str
    sort_key: str
    title: str
    brand: str
    brand_name: str
    description: str
    categories: str
    category_ids: tuple[int, ...]
    codes: tuple[str, ...]
    figures: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A sheet as it is offered in `places` (ANYWHERE, WHOLE_COUNTRY, provinces, cantons): by `suppliers` (RUC), from `price` on
    (USD per base unit), `sku` being the first offer's. `sellers`: names of the suppliers and codes of theirs that are words.
    """

    sheet: Sheet
    places: tuple[str, ...]
    suppliers: tuple[str, ...]
    price: Decimal
    sku: str
    sellers: str
    codes: tuple[str, ...]


class Index(Protocol):
    """Somewhere entries are written."""

    def add(self, entries: Iterable[Entry]) -> None:
        """Put in entries of sheets that are not there yet."""

    def replace(self, product_ids: Collection[int], entries: Iterable[Entry]) -> None:
        """Let these be all entries of these sheets; a sheet without any is deleted."""


class NewIndex(Index, Protocol):
    def publish(self) -> None:
        """From now on this is the index that answers; the one before is deleted."""


class SearchEngine(Index, Protocol):
    """The index that answers. Everything raises EngineUnavailable when it does not."""

    name: str

    def exists(self) -> bool: ...

    def count(self) -> int:
        """How many sheets are in it."""

    def product_ids(self) -> set[int]:
        """Which sheets are in it."""

    def search(self, query: Query) -> Result: ...

    def similar_words(self, words: Collection[str]) -> dict[str, dict[str, int]]:
        """For each of these words that no entry has, the words one letter away that entries have, and how many have each."""

    def new_index(self) -> AbstractContextManager[NewIndex]:
        """An empty one beside the one that answers; dropped at the end of the block unless published."""


def micro(price: Decimal | None) -> int | None:
    """USD in millionths: a whole number, so that ranges are exact."""
    return None if price is None else int(price * MICRO_DOLLARS)
