"""Lists that find, sort, page and download. A list declares its columns; the template writes the rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.views.generic import ListView

from marketplace.kernel.spreadsheets import csv_response
from marketplace.kernel.text import Fold, SortKey, fold

from .tasks import TASK_PARAMETER, Task, task_on
from .views import ScreenMixin


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


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to, and the page without it."""

    sentence: str
    all_url: str


class ListScreen(ScreenMixin, ListView):
    """`?q=` finds in `search_fields`, `?orden=` sorts (a minus turns it), `?pagina=` pages, `?formato=csv` downloads.

    `?tarea=` narrows to what «Today» counted as one kind of task of this list.
    """

    columns: tuple[Column, ...] = ()
    search_fields: tuple[str, ...] = ()
    sort: str = ""
    paginate_by = 24
    page_kwarg = "pagina"
    download_name = "lista"

    def get_rows(self) -> QuerySet:
        """All rows that this person may see."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet:
        return self.sorted(self.matching(self.waiting(self.get_rows())))

    def waiting(self, rows: QuerySet) -> QuerySet:
        """Those of the kind of task that is asked for; all, when none is."""
        if self.task is None:
            return rows
        return rows.filter(pk__in=self.task.rows(self.membership, now()).order_by().values("pk"))

    @cached_property
    def task(self) -> Task | None:
        match = self.request.resolver_match
        return task_on(self.request.user, self.request.GET.get(TASK_PARAMETER, ""), match.view_name if match else "")

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
        return self.request.GET.get("orden") or self.sort

    @cached_property
    def sorted_column(self) -> Column | None:
        wanted = self.sort_asked.removeprefix("-")
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
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"?{query.urlencode()}"

    def narrowed(self, count: int) -> Narrowed | None:
        if self.task is None:
            return None
        return Narrowed(self.task.sentence.format(count=count), self.url_with(tarea=None, pagina=None))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(**context)
        page = context["page_obj"]
        return context | {
            "heads": self.heads(),
            "words": self.words,
            "can_search": bool(self.search_fields),
            "task": self.narrowed(page.paginator.count),
            "is_filtered": bool(self.words or self.task),
            "download_url": self.url_with(formato="csv", pagina=None) if self._downloadable else "",
            "previous_url": self.url_with(pagina=str(page.previous_page_number())) if page.has_previous() else "",
            "next_url": self.url_with(pagina=str(page.next_page_number())) if page.has_next() else "",
        }

    @cached_property
    def _downloadable(self) -> list[Column]:
        return [column for column in self.columns if column.value]

    def get(self, request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("formato") == "csv" and self._downloadable:
            return self.download()
        return super().get(request, *args, **kwargs)

    def download(self) -> StreamingHttpResponse:
        """All rows that match, not only this page."""
        return csv_response(f"{self.download_name}.csv", self._lines(self.get_queryset()))

    def _lines(self, rows: QuerySet) -> Iterator[list[Any]]:
        yield [str(column.label) for column in self._downloadable]
        for row in rows.iterator(chunk_size=1000):
            yield [column.value(row) for column in self._downloadable if column.value]


def _having(word: str, rows: QuerySet, fields: tuple[str, ...]) -> QuerySet:
    folded = {f"folded_{number}": Fold(field) for number, field in enumerate(fields)}
    query = Q()
    for name in folded:
        query |= Q(**{f"{name}__contains": word})
    return rows.order_by().alias(**folded).filter(query).values("pk")
