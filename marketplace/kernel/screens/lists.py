"""Lists that find, filter, sort, page and download. A list declares its columns; the template writes the rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.views.generic import ListView

from marketplace.kernel.spreadsheets import csv_response, workbook_response
from marketplace.kernel.text import Fold, SortKey, fold

from .addresses import query_with
from .narrowing import Choice, Download, Filter, ListTools, Narrowed, Select
from .tasks import TASK_PARAMETER, Task, task_on
from .views import ScreenMixin

FORMATS = ("csv", "xlsx")
MOST_IN_A_WORKBOOK = 20_000  # a workbook is built in memory; what is longer comes as CSV, line by line


@dataclass(frozen=True)
class Column:
    """One column. `sort`: the field that it sorts by; names of people and things sort by a stored key or by `SortKey`.

    `value`: what a download writes; without it, the column is not in it.
    """

    key: str
    label: Any
    sort: str | SortKey = ""
    is_number: bool = False
    value: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Head:
    """A column as the page shows it now. `direction`: ``ascending``, ``descending`` or empty."""

    column: Column
    direction: str
    url: str


class ListScreen(ScreenMixin, ListView):
    """`?q=` finds in `search_fields`, each of `filters` keeps what has its value, `?orden=` sorts (a minus turns it).

    `?pagina=` pages, `?formato=` (csv, xlsx) downloads all that matches. `?tarea=` narrows to what «Today» counted as one
    kind of task of this list.
    """

    columns: tuple[Column, ...] = ()
    search_fields: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    paginate_by = 24
    page_kwarg = "pagina"
    download_name = "lista"

    def get_rows(self) -> QuerySet:
        """All rows that this person may see."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet:
        return self.sorted(self.matching(self.filtered(self.waiting(self.get_rows()))))

    def waiting(self, rows: QuerySet) -> QuerySet:
        """Those of the kind of task that is asked for; all, when none is."""
        if self.task is None:
            return rows
        return rows.filter(pk__in=self.task.rows(self.membership, now()).order_by().values("pk"))

    @cached_property
    def task(self) -> Task | None:
        match = self.request.resolver_match
        return task_on(self.request.user, self.request.GET.get(TASK_PARAMETER, ""), match.view_name if match else "")

    def filtered(self, rows: QuerySet) -> QuerySet:
        return rows.filter(**{each.field: value for each, value in self.chosen if value})

    @cached_property
    def chosen(self) -> list[tuple[Filter, str]]:
        """Each filter, and the value that is asked of it; empty for none."""
        return [(each, each.chosen(self.request.GET.get(each.key, ""))) for each in self.filters]

    def matching(self, rows: QuerySet) -> QuerySet:
        """Those that have each word in one of the fields, whatever its accents and capitals; each row once."""
        for word in fold(self.words).split():
            rows = rows.filter(pk__in=_having(word, rows, self.search_fields))
        return rows

    def sorted(self, rows: QuerySet) -> QuerySet:
        column = self.sorted_column
        if column is None:
            return rows
        field = F(column.sort) if isinstance(column.sort, str) else column.sort
        return rows.order_by(field.desc() if self.sort_asked.startswith("-") else field.asc(), "pk")

    @cached_property
    def words(self) -> str:
        return self.request.GET.get("q", "").replace("\0", "").strip()[:200] if self.search_fields else ""

    @cached_property
    def sort_asked(self) -> str:
        """What no column sorts by is as if nothing was asked: a list without an order cannot be paged."""
        asked = self.request.GET.get("orden", "")
        return asked if self._column_of(asked) else self.sort

    @cached_property
    def sorted_column(self) -> Column | None:
        return self._column_of(self.sort_asked)

    def _column_of(self, asked: str) -> Column | None:
        wanted = asked.removeprefix("-")
        return next((column for column in self.columns if column.sort and column.key == wanted), None)

    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        is_sorted = column == self.sorted_column
        is_turned = is_sorted and self.sort_asked.startswith("-")
        direction = ("descending" if is_turned else "ascending") if is_sorted else ""
        asked = column.key if not is_sorted or is_turned else f"-{column.key}"
        return Head(column, direction, self.url_with(orden=asked, pagina=None) if column.sort else "")

    def url_with(self, **changes: str | None) -> str:
        return query_with(self.request.GET, **changes)

    def paginate_queryset(self, queryset: QuerySet, page_size: int) -> tuple[Paginator, Page, Any, bool]:  # type: ignore[override]
        """A page that is no longer there is the last one; nonsense is the first."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(**context)
        page, tools = context["page_obj"], self.tools(context["page_obj"].paginator.count)
        return context | {
            "heads": self.heads(),
            "tools": tools,
            "is_filtered": bool(tools.all_url),
            "previous_url": self.url_with(pagina=str(page.previous_page_number())) if page.has_previous() else "",
            "next_url": self.url_with(pagina=str(page.next_page_number())) if page.has_next() else "",
        }

    # ------------------------------------------------------------ what stands above it
    def tools(self, count: int) -> ListTools:
        own = ("q", "pagina", *(each.key for each in self.filters))
        is_narrowed = self.words or self.task or any(value for _filter, value in self.chosen)
        return ListTools(
            count=count,
            words=self.words,
            can_search=bool(self.search_fields),
            selects=[_select(each, value) for each, value in self.chosen],
            task=self.narrowed(count),
            downloads=self.downloads(count),
            all_url=self.url_with(**dict.fromkeys((*own, TASK_PARAMETER))) if is_narrowed else "",
            kept=[(name, value) for name, values in self.request.GET.lists() if name not in own for value in values],
        )

    def narrowed(self, count: int) -> Narrowed | None:
        if self.task is None:
            return None
        return Narrowed(self.task.sentence.format(count=count), self.url_with(tarea=None, pagina=None))

    def downloads(self, count: int) -> list[Download]:
        formats = FORMATS if count <= MOST_IN_A_WORKBOOK else ("csv",)
        return [Download(each.upper(), self.url_with(formato=each, pagina=None)) for each in formats if self._downloadable]

    # ------------------------------------------------------------ as a file
    @cached_property
    def _downloadable(self) -> list[Column]:
        return [column for column in self.columns if column.value]

    def get(self, request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        asked = request.GET.get("formato")
        if asked in FORMATS and self._downloadable:
            return self.download(asked)
        return super().get(request, *args, **kwargs)

    def download(self, asked: str) -> HttpResponseBase:
        """All rows that match, not only this page."""
        rows = self.get_queryset()
        if asked == "xlsx" and rows.count() <= MOST_IN_A_WORKBOOK:
            return workbook_response(f"{self.download_name}.xlsx", self._lines(rows))
        return csv_response(f"{self.download_name}.csv", self._lines(rows))

    def _lines(self, rows: QuerySet) -> Iterator[list[Any]]:
        yield [str(column.label) for column in self._downloadable]
        for row in rows.iterator(chunk_size=1000):
            yield [column.value(row) for column in self._downloadable if column.value]


def _select(narrowing: Filter, chosen: str) -> Select:
    choices = [Choice(value, label, value == chosen) for value, label in narrowing.choices]
    return Select(narrowing.key, narrowing.label, narrowing.everything, choices)


def _having(word: str, rows: QuerySet, fields: tuple[str, ...]) -> QuerySet:
    folded = {f"folded_{number}": Fold(field) for number, field in enumerate(fields)}
    query = Q()
    for name in folded:
        query |= Q(**{f"{name}__contains": word})
    return rows.order_by().alias(**folded).filter(query).values("pk")
