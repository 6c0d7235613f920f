"""What waits for somebody. A room says it once, in `today.py`, kind by kind:

    task(
        "orders-to-answer",
        permission="order.answer_order",
        area="supplier",
        sentence=ngettext_lazy("{count} order waits for your answer", "{count} orders wait for your answer", "count"),
        why=_("Without your answer the entity neither receives nor frees its budget."),
        url_name="order:supplier-orders",
        rows=orders_to_answer,
    )

The page «Today» of the area shows the count and the first rows to whoever has the permission, and leads to the list at
`url_name`. A `ListScreen` narrows itself by `?tarea=<code>` to the very rows that were counted: the two cannot differ.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

TASK_PARAMETER = "tarea"
ROWS_SHOWN = 3
_tasks: dict[str, "Task"] = {}


@dataclass(frozen=True)
class Task:
    """A kind of task.

    `area`: as of a `NavigationEntry`. `sentence`: `ngettext_lazy` by ``count``. `why`: what to do, or what happens if not.
    `rows`: of a membership at an instant, the most urgent first, only what this person may see; a fixed number of queries.
    `title`, `note`, `url`, `due`: of one row, without a query; `due` is an instant or a day that still counts to its end.
    `query`: how the list is narrowed, when it is no `ListScreen`. `is_wrong`: something has gone wrong, and comes first.
    `order`: lowest first, among those without a deadline.
    """

    code: str
    permission: str
    area: str
    sentence: Any
    url_name: str
    rows: Callable[[Any, datetime], QuerySet]
    why: Any = ""
    title: Callable[[Any], Any] = str
    note: Callable[[Any], Any] = lambda row: ""
    url: Callable[[Any], str] = lambda row: row.get_absolute_url()
    due: Callable[[Any], date | None] = lambda row: None
    icon: str = "check2-square"
    is_wrong: bool = False
    order: int = 100
    query: str = ""

    @property
    def list_url(self) -> str:
        """The list on which exactly the counted rows stand."""
        return f"{reverse(self.url_name)}?{self.query or f'{TASK_PARAMETER}={self.code}'}"


@dataclass(frozen=True)
class TaskRow:
    title: Any
    note: Any
    url: str
    due: date | None


@dataclass(frozen=True)
class Waiting:
    """A kind of which there is something now, with its first rows."""

    task: Task
    count: int
    rows: list[TaskRow] = field(default_factory=list)

    def __str__(self) -> str:
        return self.task.sentence.format(count=self.count)

    @property
    def due(self) -> date | None:
        """The nearest deadline of the rows shown."""
        return min((row.due for row in self.rows if row.due), key=_day_and_instant, default=None)

    @property
    def left_over(self) -> int:
        return self.count - len(self.rows)


def task(code: str, **kind: Any) -> Task:
    """Make a kind of task known. A code is said once."""
    if code in _tasks:
        raise ValueError(f"the task {code} is there already")
    _tasks[code] = Task(code, **kind)
    return _tasks[code]


def task_called(code: str) -> Task:
    """Raise LookupError for a kind of an app that is not installed."""
    return _tasks[code]


def tasks_for(user: Any, area: str) -> Iterator[Task]:
    """The kinds that this person may come to have in an area."""
    return (known for known in _tasks.values() if known.area == area and user.has_perm(known.permission))


def task_on(user: Any, code: str, url_name: str) -> Task | None:
    """The kind by which a list is to be narrowed; None when it is not one of this list and this person."""
    known = _tasks.get(code)
    return known if known and known.url_name == url_name and user.has_perm(known.permission) else None


def waiting_for(user: Any, area: str, membership: Any, at: datetime) -> list[Waiting]:
    """What there is to do now: what has gone wrong first, then by deadline. Two queries per kind at most."""
    found = (_waiting(known, membership, at) for known in tasks_for(user, area))
    return sorted((each for each in found if each.count), key=_urgency)


def _waiting(known: Task, membership: Any, at: datetime) -> Waiting:
    rows = known.rows(membership, at)
    count = rows.count()
    return Waiting(known, count, [_row(known, row) for row in rows[:ROWS_SHOWN]] if count else [])


def _row(known: Task, row: Any) -> TaskRow:
    return TaskRow(known.title(row), known.note(row), known.url(row), known.due(row))


def _urgency(waiting: Waiting) -> tuple:
    due = waiting.due
    return (not waiting.task.is_wrong, due is None, _day_and_instant(due) if due else (), waiting.task.order, waiting.task.code)


def _day_and_instant(due: date) -> tuple:
    """Instants and days in one order: a day comes after its instants, since it counts to its end."""
    return (localdate(due), 0, due) if isinstance(due, datetime) else (due, 1)
