"""The search server: Elasticsearch 8, one index behind an alias.

A new index is filled under a name of its own; the alias is moved in one call and the old index deleted. Reading never waits
long: a server that does not answer in the time that a page has (`patience`) counts as away (`selectors.search` then asks
PostgreSQL), and an answer from a part of the shards is refused.
"""

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError, Elasticsearch
from elasticsearch.dsl import MultiSearch, Q, Response, Search
from elasticsearch.helpers import BulkIndexError, bulk

from marketplace.registry.places import cantons

from ..corrections import is_one_letter_away
from ..facets import BRAND, CANTON, CATEGORY, PRICE, SUPPLIER, by_canton, most_first, price_ranges
from ..patience import time_left
from ..port import EngineUnavailable, Entry, Hit, IndexMissing, Query, Result, micro
from ..ranking import head_of
from ..words import question
from . import elasticsearch_queries as queries
from .elasticsearch_mapping import ENTRY_FIELDS, SETTINGS

GRACE = 1.2  # seconds until whoever began to search the old index has an answer
WRITING_PATIENCE = 60.0
ALL_VALUES = 65_000
COUNTED = {SUPPLIER: "supplier", BRAND: "brand", CATEGORY: "category"}


def document(entry: Entry) -> dict[str, Any]:
    """An entry as Elasticsearch takes it; the analysers of the mapping do the rest."""
    sheet = entry.sheet
    return {
        "product": sheet.product_id,
        "sheet_code": sheet.code,
        "sku": entry.sku,
        "name": sheet.name,
        "order": sheet.sort_key,
        "title": sheet.title,
        "head": head_of(sheet.title),
        "thing": head_of(sheet.title, 1),
        "brand_words": sheet.brand,
        "category_words": sheet.categories,
        "figures": sheet.figures,
        "description": sheet.description,
        "sellers": entry.sellers,
        "code": sorted({*sheet.codes, *entry.codes}),
        "place": entry.places,
        "supplier": entry.suppliers,
        "brand": sheet.brand_name or None,
        "category": [str(key) for key in sheet.category_ids],
        "price": micro(entry.price),
    }


def key_of(entry: Entry) -> str:
    """The first of its places: no other entry of the sheet has it."""
    return f"{entry.sheet.product_id}-{entry.places[0]}"


class WritableIndex:
    """An index or alias by name."""

    def __init__(self, client: Elasticsearch, index: str) -> None:
        self.client = client.options(request_timeout=WRITING_PATIENCE)
        self.index = index

    def add(self, entries: Iterable[Entry]) -> None:
        actions = ({"_index": self.index, "_id": key_of(entry), "_source": document(entry)} for entry in entries)
        with answering():
            bulk(self.client, actions, chunk_size=1000)

    def replace(self, product_ids: Collection[int], entries: Iterable[Entry]) -> None:
        """New entries first, then away with those that are no longer made: no sheet is missing in between."""
        entries = list(entries)
        with answering():
            self.client.indices.refresh(index=self.index)
        self.add(entries)
        gone = Q("terms", product=list(product_ids)) & ~Q("ids", values=[key_of(entry) for entry in entries])
        with answering():
            self.client.delete_by_query(index=self.index, query=gone.to_dict(), conflicts="proceed", refresh=True)


class ElasticsearchEngine(WritableIndex):
    """See the module. `prefix`: keeps the indexes of several installations on one server apart."""

    name = "elasticsearch"

    def __init__(self, url: str, prefix: str) -> None:
        self.alias = f"{prefix}-sheets"
        super().__init__(Elasticsearch(url, max_retries=0, retry_on_timeout=False), self.alias)

    @property
    def reading(self) -> Elasticsearch:
        """The client for one question, which may take what is left of the page's time."""
        return self.client.options(request_timeout=time_left())

    def exists(self) -> bool:
        with answering():
            return bool(self.client.indices.exists_alias(name=self.alias))

    def count(self) -> int:
        with answering():
            return self.client.count(index=self.alias, query=queries.filters(Query())["place"].to_dict())["count"]

    def product_ids(self) -> set[int]:
        entries = Search(using=self.client, index=self.alias).filter(queries.filters(Query())["place"]).source(["product"])
        with answering():
            return {entry.product for entry in entries.scan()}

    # ------------------------------------------------------------ reading

    def search(self, query: Query) -> Result:
        """Hits and counts in one exchange: counts by themselves are remembered by the server until the index changes."""
        asked = MultiSearch(using=self.reading).add(self._hits(query))
        if query.facets:
            asked = asked.add(self._counts(query))
        with answering():
            found, *counted = asked.execute()
        facets = {facet: counted_in(facet, counted[0].aggregations[facet].values) for facet in query.facets}
        took = sum(each.took for each in (found, *counted))
        return Result(_page(found, query), found.hits.total.value, facets, took_ms=took)

    def _hits(self, query: Query) -> Search:
        request = self._asked().query(queries.ranked(query)).extra(track_total_hits=True)
        if query.cursor and not query.is_ranked:
            sort, after = queries.beside(query)
            request = request.sort(*sort).extra(search_after=after, size=query.size)
        else:
            request = request.sort(*queries.order_of(query))[query.offset : query.offset + query.size]
        return request.source(["product", "sheet_code", "sku", "name", "order", "price"])

    def _counts(self, query: Query) -> Search:
        """Each facet is counted as if nothing were chosen in it."""
        filters = queries.filters(query)
        request = self._asked().query(queries.found(query))[:0]
        for facet in query.facets:
            others = queries.all_of(part for name, part in filters.items() if name != queries.FILTER_OF[facet])
            request.aggs.bucket(facet, "filter", filter=others).bucket("values", **_counting(facet, query))
        return request

    def _asked(self) -> Search:
        return Search(using=self.reading, index=self.alias).params(allow_partial_search_results=False)

    def similar_words(self, words: Collection[str]) -> dict[str, dict[str, int]]:
        """One request: which words are known, and what is like the others."""
        request = Search(using=self.reading, index=self.alias)[:0]
        known = {word: queries.words_anywhere(question(word)) for word in words}
        request.aggs.bucket("known", "filters", filters=known)
        for number, word in enumerate(words):
            request = request.suggest(f"like_{number}", word, term=queries.LIKENESS)
        with answering():
            response = request.execute()
        return {
            word: {option.text: option.freq for option in options if is_one_letter_away(word, option.text)}
            for number, word in enumerate(words)
            if not response.aggregations.known.buckets[word].doc_count
            for options in [response.suggest[f"like_{number}"][0].options]
        }

    # ------------------------------------------------------------ writing

    @contextmanager
    def new_index(self) -> Iterator["NewElasticsearchIndex"]:
        name = f"{self.alias}-{uuid4().hex}"
        new = NewElasticsearchIndex(self, name)
        with answering():
            self.client.indices.create(index=name, settings=SETTINGS, mappings=ENTRY_FIELDS)
        try:
            yield new
        finally:
            if new.is_published:
                time.sleep(GRACE)
                self._delete(other for other in self._indexes() if other != name)
            else:
                self._delete([name])

    def point_to(self, index: str) -> None:
        """The alias moves in one call: every search finds the old index behind it, or the new one."""
        away = [{"remove": {"index": other, "alias": self.alias, "must_exist": False}} for other in self._indexes()]
        with answering():
            self.client.indices.update_aliases(actions=[*away, {"add": {"index": index, "alias": self.alias}}])

    def _indexes(self) -> list[str]:
        """Those of ours: the one that answers, those that did, those of rebuilds under way or killed."""
        with answering():
            return list(self.client.indices.get(index=f"{self.alias}-*"))

    def _delete(self, indexes: Iterable[str]) -> None:
        with answering():
            for index in indexes:
                self.client.indices.delete(index=index, ignore_unavailable=True)


class NewElasticsearchIndex(WritableIndex):
    is_published = False

    def __init__(self, engine: ElasticsearchEngine, index: str) -> None:
        super().__init__(engine.client, index)
        self.engine = engine

    def publish(self) -> None:
        with answering():
            self.client.indices.put_settings(index=self.index, settings={"refresh_interval": None})
            self.client.indices.refresh(index=self.index)
        self.engine.point_to(self.index)
        self.is_published = True


@contextmanager
def answering() -> Iterator[None]:
    """A server that is away, overloaded, half there or without our index is one thing for whoever asks."""
    try:
        yield
    except (ApiError, TransportError, BulkIndexError) as error:
        if "index_not_found" in str(getattr(error, "body", "")):
            raise IndexMissing from error
        if isinstance(error, BadRequestError):
            raise  # a fault of ours, not of the server
        raise EngineUnavailable(f"Elasticsearch does not answer as it should ({error}); see its log.") from error


def _page(found: Response, query: Query) -> tuple[Hit, ...]:
    hits = tuple(Hit(hit.product, hit.sheet_code, hit.sku, hit.name, hit.meta.score or 0.0, hit.order, hit.price) for hit in found)
    is_turned = query.cursor and query.cursor.is_backwards and not query.is_ranked
    return hits[::-1] if is_turned else hits


def _counting(facet: str, query: Query) -> dict[str, Any]:
    if facet == PRICE:
        ranges = [{"key": key, "from": low, "to": high} for key, (low, high) in price_ranges().items()]
        return {"agg_type": "range", "field": "price", "keyed": False, "ranges": [_without_none(each) for each in ranges]}
    if facet == CANTON:
        return {"agg_type": "terms", "field": "place", "size": ALL_VALUES}
    only = [str(key) for key in query.counted_categories] if facet == CATEGORY and query.counted_categories is not None else None
    return _without_none({"agg_type": "terms", "field": COUNTED[facet], "size": ALL_VALUES, "include": only})


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def counted_in(facet: str, values: Any) -> dict[str, int]:
    counts = {bucket.key: bucket.doc_count for bucket in values.buckets}
    if facet == CANTON:
        return most_first(by_canton(counts, cantons()))
    return {key: counts[key] for key in price_ranges() if counts.get(key)} if facet == PRICE else most_first(counts)
