"""The embedded engine: Tantivy indexes in folders below SEARCH_FOLDER, for machines without a search server.

`current` is a symbolic link to the index that answers; a new one is filled beside it and the link is swapped, which is one
rename. Any number of processes read; one writes at a time, by a file lock that the system frees when a writer is killed. What a
killed writer had not committed was never part of the index.

Tantivy sorts by one number and leaves equals in the order in which they were written. So hits are taken until the last group of
equals is whole, and equals are put in the order of their names here (`Reader.ordered`).
"""

import fcntl
import json
import shutil
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import chain, groupby, islice
from pathlib import Path
from uuid import uuid4

import tantivy
from tantivy import Document, Index, IndexWriter

from marketplace.registry.places import cantons

from ..corrections import is_one_letter_away
from ..facets import BRAND, CANTON, CATEGORY, PRICE, SUPPLIER, by_canton, most_first, price_ranges, without
from ..port import EngineUnavailable, Entry, Facets, Hit, IndexMissing, Query, Result, Sheet, Sort, micro
from ..ranking import head_of
from ..words import meanings, stem, stems_of, words_of
from . import tantivy_queries as queries

MEMORY = 64_000_000  # bytes that a writer may fill before it writes a segment
ALL_VALUES = 65_000
KEPT_FACETS = 500

TEXTS = ("everything", "named", "title", "title_exact", "head", "thing", "brand_words", "category_words", "description")
VOCABULARY = ("vocabulary", "vocabulary_backwards")
KEYWORDS = ("place", "supplier", "brand", "category")
COUNTED = {SUPPLIER: "supplier", BRAND: "brand", CATEGORY: "category", CANTON: "place"}
NAME_LETTERS = " 0123456789abcdefghijklmnopqrstuvwxyz"
NAME_HEAD = 12  # so many letters of a name fit into one number


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name="whitespace")
    for name in VOCABULARY:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in KEYWORDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("code", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("product", indexed=True, fast=True)
    builder.add_integer_field("price", indexed=True, fast=True)
    builder.add_integer_field("name_head", fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


def open_index(folder: Path) -> Index:
    """One made by an earlier version, with other fields, counts as none: it has to be rebuilt."""
    index = Index.open(str(folder))
    if index.schema != schema():
        raise IndexMissing
    index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def document(entry: Entry) -> Document:
    """An entry as Tantivy takes it: texts as the words that `words` makes of them."""
    made = Document()
    for name, text in (*texts_of(entry.sheet), *_findable(entry.sellers)):
        made.add_text(name, text)
    _add_values(made, entry)
    return made


@lru_cache(maxsize=4)
def texts_of(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """Field and words of all texts of a sheet; its entries, which share them, come one after another."""
    fields = {
        "title": stems_of(sheet.title),
        "title_exact": words_of(sheet.title),
        "head": stems_of(head_of(sheet.title)),
        "thing": stems_of(head_of(sheet.title, 1)),
        "brand_words": stems_of(sheet.brand),
        "category_words": stems_of(sheet.categories),
        "description": stems_of(sheet.description),
    }
    fields["everything"] = stems_of(sheet.figures)
    own = ((name, " ".join(words)) for name, words in fields.items())
    named = (("named", " ".join(fields[name])) for name in ("title", "brand_words", "description"))
    found = (_findable(text) for text in (sheet.title, sheet.brand, sheet.categories, sheet.description))
    return (*own, *named, *chain.from_iterable(found))


def _findable(text: str) -> tuple[tuple[str, str], ...]:
    words = words_of(text)
    return (
        ("everything", " ".join(map(stem, words))),
        ("vocabulary", " ".join(set(words))),
        ("vocabulary_backwards", " ".join(word[::-1] for word in set(words))),
    )


def _add_values(made: Document, entry: Entry) -> None:
    sheet = entry.sheet
    for name, values in {
        "place": entry.places,
        "supplier": entry.suppliers,
        "brand": [sheet.brand_name] if sheet.brand_name else [],
        "category": map(str, sheet.category_ids),
        "code": {*sheet.codes, *entry.codes},
    }.items():
        for value in values:
            made.add_text(name, value)
    price = micro(entry.price)
    shown = [sheet.sort_key, sheet.product_id, sheet.code, entry.sku, sheet.name, price]
    made.add_unsigned("product", sheet.product_id)
    made.add_integer("price", price)
    made.add_integer("name_head", name_head(sheet.sort_key))
    made.add_bytes("shown", json.dumps(shown).encode())


def name_head(sort_key: str) -> int:
    """The first letters of a sort key as a number that sorts as they do."""
    number = 0
    for letter in sort_key[:NAME_HEAD].ljust(NAME_HEAD):
        number = number * len(NAME_LETTERS) + NAME_LETTERS.index(letter)
    return number


class Reader:
    """An index as it stands now."""

    def __init__(self, index: Index) -> None:
        self.schema = index.schema
        self.searcher = index.searcher()
        self.kept: dict[Query, Facets] = {}

    def matching(self, query: Query) -> tantivy.Query:
        return queries.matching(self.schema, query)

    def total(self, matching: tantivy.Query) -> int:
        return self.searcher.search(matching, limit=1).count

    # ------------------------------------------------------------ hits

    def search(self, query: Query) -> Result:
        matching = self.matching(query)
        has_cursor = query.cursor and not query.is_ranked
        found = self._from_cursor(matching, query) if has_cursor else self._in_order(matching, query, skipped=query.offset)
        page = list(islice(found, query.size))
        if has_cursor and query.cursor.is_backwards:
            page.reverse()
        return Result(tuple(_hit(key if query.is_ranked else 0.0, shown) for key, shown in page), self.total(matching))

    def _from_cursor(self, matching: tantivy.Query, query: Query) -> Iterator[tuple[float, list]]:
        """From the group of equals in which the cursor stands, without what is on its other side."""
        cursor, number = query.cursor, number_of(query)
        value = cursor.price if number == "price" else name_head(cursor.sort_key)
        place = (value, [cursor.sort_key, cursor.product_id])
        beside = queries.beyond(self.schema, matching, number, value, is_backwards=cursor.is_backwards)
        for key, shown in self._in_order(beside, query, is_backwards=cursor.is_backwards):
            at = (key, shown[:2])
            if (at < place) if cursor.is_backwards else (at > place):
                yield key, shown

    def _in_order(
        self, matching: tantivy.Query, query: Query, *, skipped: int = 0, is_backwards: bool = False
    ) -> Iterator[tuple[float, list]]:
        """Hits from the `skipped`th on, with what is shown of them: equals by name, then key. Fetched in growing portions."""
        passed, limit = 0, skipped + query.size + 1
        while True:
            hits = self._first(matching, query, limit, is_backwards=is_backwards)
            groups = [list(equals) for _key, equals in groupby(hits[passed:], key=lambda hit: hit[0])]
            if len(hits) == limit:
                groups.pop()  # there may be more of these
            for group in groups:
                passed += len(group)
                if passed > skipped:
                    named = sorted(((key, self._shown(address)) for key, address in group), reverse=is_backwards)
                    yield from named[max(0, skipped - passed + len(group)) :]
            if len(hits) < limit:
                return
            limit *= 4

    def _first(self, matching: tantivy.Query, query: Query, limit: int, *, is_backwards: bool) -> list[tuple]:
        if query.is_ranked:
            return self.searcher.search(queries.ranked(self.schema, matching, query), limit, count=False).hits
        order = tantivy.Order.Desc if is_backwards else tantivy.Order.Asc
        return self.searcher.search(matching, limit, count=False, order_by_field=number_of(query), order=order).hits

    def _shown(self, address: tantivy.DocAddress) -> list:
        return json.loads(bytes(self.searcher.doc(address).get_first("shown")))

    # ------------------------------------------------------------ counts

    def facets(self, query: Query) -> Facets:
        """Facets that are counted over the same entries are counted together: all in which nothing is chosen."""
        together: dict[Query, list[str]] = defaultdict(list)
        for facet in query.facets:
            together[without(query, facet)].append(facet)
        counts: Facets = {}
        for over, facets in together.items():
            counts |= self._counts(self.matching(over), [facet for facet in facets if facet != CANTON], query)
        if CANTON in query.facets:
            counts |= self._counts(queries.anywhere(self.schema, query), [CANTON], query)
        return {facet: counts[facet] for facet in query.facets}

    def kept_facets(self, query: Query) -> Facets:
        """Kept as long as this reader: every page of a list, and whoever opens the same shelf, shows the same counts."""
        counted = replace(query, sort=Sort.NAME, offset=0, cursor=None, size=0)
        if counted not in self.kept:
            if len(self.kept) == KEPT_FACETS:
                self.kept.clear()
            self.kept[counted] = self.facets(counted)
        return self.kept[counted]

    def _counts(self, matching: tantivy.Query, facets: list[str], query: Query) -> Facets:
        countings = {facet: counting for facet in facets if (counting := counting_of(facet, query))}
        answers = self.searcher.aggregate(matching, countings) if countings else {}
        return {facet: counted(facet, answers[facet]["buckets"]) if facet in answers else {} for facet in facets}

    # ------------------------------------------------------------ words

    def similar_words(self, word: str) -> dict[str, int]:
        """One letter away: then the first half of a word is untouched, or the second."""
        half = (len(word) - 1) // 2
        forwards = self.searcher.terms_with_prefix("vocabulary", word[:half])
        backwards = self.searcher.terms_with_prefix("vocabulary_backwards", word[half + 1 :][::-1])
        candidates = dict(forwards) | {found[::-1]: count for found, count in backwards}
        return {found: count for found, count in candidates.items() if is_one_letter_away(word, found)}

    def knows(self, word: str) -> bool:
        """Under any of its names."""
        return self.total(queries.thing(self.schema, meanings([word])[0])) > 0


def counting_of(facet: str, query: Query) -> dict:
    """What Tantivy is asked to count; nothing when no value is wanted."""
    if facet == PRICE:
        bounds = {key: {"from": low, "to": high} for key, (low, high) in price_ranges().items()}
        ranges = [{"key": key} | {end: at for end, at in each.items() if at is not None} for key, each in bounds.items()]
        return {"range": {"field": "price", "ranges": ranges}}
    terms = {"field": COUNTED[facet], "size": ALL_VALUES, "segment_size": ALL_VALUES}
    if facet == CATEGORY and query.counted_categories is not None:
        terms["include"] = [str(key) for key in query.counted_categories]
    return {"terms": terms} if terms.get("include", True) else {}


def counted(facet: str, buckets: list[dict]) -> dict[str, int]:
    counts = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
    if facet == CANTON:
        return most_first(by_canton(counts, cantons()))
    return {key: counts[key] for key in price_ranges() if counts.get(key)} if facet == PRICE else most_first(counts)


def number_of(query: Query) -> str:
    """The field by which Tantivy sorts when not by relevance."""
    return "price" if query.sort == Sort.PRICE else "name_head"


def _hit(score: float, shown: list) -> Hit:
    sort_key, product_id, code, sku, name, price = shown
    return Hit(product_id, code, sku, name, score, sort_key, price)


class WritingIndex:
    """An index in its folder while one process writes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = open_index(folder)
        self.writer: IndexWriter = self.index.writer(MEMORY, 1)

    def add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.writer.add_document(document(entry))

    def replace(self, product_ids: Collection[int], entries: Iterable[Entry]) -> None:
        """By query: deleting by term finds no number in this version, and says nothing."""
        gone = tantivy.Query.term_set_query(self.index.schema, "product", list(product_ids))
        self.writer.delete_documents_by_query(gone)
        self.add(entries)

    def commit(self) -> None:
        self.writer.commit()
        self.writer.wait_merging_threads()


class TantivyEngine:
    """See the module."""

    name = "tantivy"

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.pointer = self.folder / "current"
        self._opened: tuple[tuple, Reader] | None = None

    # ------------------------------------------------------------ reading

    def exists(self) -> bool:
        return self.pointer.exists()

    def search(self, query: Query) -> Result:
        began = time.perf_counter()
        reader = self._reader()
        result = replace(reader.search(query), facets=reader.kept_facets(query))
        return replace(result, took_ms=(time.perf_counter() - began) * 1000)

    def count(self) -> int:
        reader = self._reader()
        return reader.total(reader.matching(Query()))

    def product_ids(self) -> set[int]:
        reader = self._reader()
        found = reader.searcher.search(reader.matching(Query()), limit=max(1, reader.searcher.num_docs))
        return set(reader.searcher.fast_field_values("product", [address for _score, address in found.hits]))

    def similar_words(self, words: Collection[str]) -> dict[str, dict[str, int]]:
        reader = self._reader()
        return {word: reader.similar_words(word) for word in words if not reader.knows(word)}

    def _reader(self) -> Reader:
        """The index behind the pointer, opened anew when the pointer or what is committed has changed."""
        for _attempt in range(3):
            try:
                folder = self._current()
                committed = (folder / "meta.json").stat()
                state = (folder, committed.st_ino, committed.st_mtime_ns)
                if self._opened is None or self._opened[0] != state:
                    self._opened = (state, Reader(open_index(folder)))
                return self._opened[1]
            except (FileNotFoundError, ValueError, OSError):  # swapped away between reading the pointer and opening
                continue
        raise EngineUnavailable(f"The search index in {self.folder} cannot be read: run manage.py search_rebuild.")

    def _current(self) -> Path:
        try:
            return self.folder / self.pointer.readlink()
        except FileNotFoundError:
            raise IndexMissing from None

    # ------------------------------------------------------------ writing

    def add(self, entries: Iterable[Entry]) -> None:
        self.replace((), entries)

    def replace(self, product_ids: Collection[int], entries: Iterable[Entry]) -> None:
        entries = list(entries)  # what goes wrong in making them is not the disk's fault
        with self._alone(), writing(self.folder):
            index = WritingIndex(self._current())
            index.replace(product_ids, entries)
            index.commit()

    @contextmanager
    def new_index(self) -> Iterator["NewTantivyIndex"]:
        folder = self.folder / f"index-{uuid4().hex}"
        folder.mkdir(parents=True)
        Index(schema(), str(folder))
        new = NewTantivyIndex(self, folder)
        try:
            yield new
        finally:
            del new.writer
            if not self.exists() or self._current() != folder:
                shutil.rmtree(folder)

    def point_to(self, folder: Path) -> None:
        """One rename: readers see the old index or the new one. Folders of killed rebuilds go with the old one."""
        with self._alone():
            fresh = self.folder / f"pointer-{uuid4().hex}"
            fresh.symlink_to(folder.name)
            fresh.replace(self.pointer)
            for other in self.folder.glob("index-*"):
                if other != folder:
                    shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writing.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """A folder that is full, read-only or held by another program: what was to be written waits. Tantivy says so by ValueError."""
    try:
        yield
    except (OSError, ValueError) as refused:
        raise EngineUnavailable(f"The search index in {folder} cannot be written ({refused}); see to its disk.") from refused


class NewTantivyIndex(WritingIndex):
    def __init__(self, engine: TantivyEngine, folder: Path) -> None:
        super().__init__(folder)
        self.engine = engine

    def publish(self) -> None:
        self.commit()
        self.engine.point_to(self.folder)
