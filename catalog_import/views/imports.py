"""The supplier's screens: upload a price list, look at what it would do, apply it or not."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate, now
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import state_filter
from marketplace.kernel.screens.shown import number_text
from marketplace.kernel.screens.views import ActionView, RuleFormView, ScreenMixin
from marketplace.kernel.spreadsheets import book_response, csv_response, workbook_response
from marketplace.kernel.text import SortKey

from ..columns import COLUMNS, NAMES
from ..forms import ConfirmForm, UploadForm
from ..models import ImportRun, Outcome
from ..price_list import price_list, whole_list, with_comma
from ..progress import told_of
from ..readers import WORKBOOK
from ..selectors import (
    agreements_to_import_under,
    agreements_with_template,
    messages_by_line,
    proposals_shown,
    refused_rows,
    rows_kept,
    rows_that,
    runs_listed,
    runs_of,
    steep_falls,
)
from ..services import run_confirm, run_discard, run_stop, run_submit, sha256_of
from ..shown import ChangedRow, Work, columns_read, issues_shown, kept_shown, steps_of, tiles_of
from ..template import choices_of, template_book
from ..undoing import run_undo_ask, undo_plan

PERMISSION = "catalog_import.import_catalogue"
STEEP = "steep"
KEPT = "kept"
Status = ImportRun.Status
UNDOABLE = (Status.APPLIED, Status.UNDOING, Status.UNDONE)  # the last two: so that a second press hears the first answer


class OfferingForm:
    """Screens with the form for a price list."""

    def upload_form_values(self) -> dict[str, Any]:
        return {"agreements": agreements_to_import_under(self.membership, localdate())}

    def get_context_data(self, **context):
        return super().get_context_data(with_template=agreements_with_template(self.membership, localdate()), **context)


def outcome_text(run: ImportRun) -> str:
    return " · ".join(f"{label} {count}" for label, count in run.counted) or str(run.failure_sentence or "")


class RunsView(OfferingForm, ListScreen):
    """The supplier's imports so far, and the form for the next."""

    permission = PERMISSION
    template_name = "catalog_import/runs.html"
    search_fields = ("file_name", "agreement__code", "agreement__name")
    filters = (state_filter(ImportRun.Status.choices),)
    sort = "-uploaded"
    download_name = "importaciones"
    columns = (
        Column("file", gettext_lazy("File"), SortKey("file_name"), value=lambda row: row.file_name),
        Column("agreement", gettext_lazy("Agreement"), "agreement__code", value=lambda row: row.agreement.code),
        Column("uploaded", gettext_lazy("Uploaded"), "created_at", value=lambda row: row.created_at),
        Column("rows", gettext_lazy("Rows"), "rows", is_number=True, value=lambda row: row.rows),
        Column("outcome", gettext_lazy("What came of it"), value=outcome_text),
        Column("status", gettext_lazy("State"), "status", value=lambda row: row.get_status_display()),
    )

    def get_rows(self) -> QuerySet[ImportRun]:
        return runs_listed(self.membership)

    def get_context_data(self, **context):
        return super().get_context_data(form=UploadForm(**self.upload_form_values()), **context)


class RunCreateView(OfferingForm, RuleFormView):
    """Store a price list and have it read."""

    permission = PERMISSION
    form_class = UploadForm
    template_name = "catalog_import/run_create.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | self.upload_form_values()

    def form_valid(self, form) -> HttpResponse:
        """The same press twice is one import; another file, sent from the same page, is another."""
        self.form_key = str(uuid5(NAMESPACE_OID, f"{self.form_key} {sha256_of(form.cleaned_data['file'])}"))
        return super().form_valid(form)

    def act(self, form) -> str:
        file = form.cleaned_data["file"]
        self.object = run_submit(
            supplier=self.membership.supplier, agreement=form.cleaned_data["agreement"], file=file, file_name=file.name,
            actor=self.membership, at=now(),
        )  # fmt: skip
        return _("{file} is stored. Nothing changes until you apply it.").format(file=file.name)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class TemplateView(ScreenMixin):
    """An empty price list: the header with all columns, in the language of the page."""

    permission = PERMISSION

    def get(self, request: HttpRequest) -> HttpResponse:
        return csv_response(_("price-list.csv"), [[column.spanish if in_spanish() else column.name for column in COLUMNS]])


class TemplateWorkbookView(ScreenMixin):
    """A workbook to fill in for an agreement, with lists to choose from; what the supplier offers today stands in it."""

    permission = PERMISSION

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        today = localdate()
        agreement = self.found(agreements_with_template(self.membership, today), code=self.kwargs["code"])
        rows = whole_list(self.membership, agreement, on=today)
        book = template_book(rows, choices=choices_of(agreement, today), in_spanish=in_spanish())
        return book_response(_("template-{code}").format(code=agreement.code.lower()) + ".xlsx", book)


class PriceListView(ScreenMixin):
    """What the supplier offers today under an agreement, to be changed and uploaded. `?formato=xlsx`: as a workbook."""

    permission = PERMISSION

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        today = localdate()
        agreement = self.found(agreements_to_import_under(self.membership, today), code=self.kwargs["code"])
        rows = price_list(self.membership, agreement, on=today, in_spanish=in_spanish())
        name = _("prices-{code}").format(code=agreement.code.lower())
        if request.GET.get("formato") == WORKBOOK:
            return workbook_response(f"{name}.xlsx", rows)
        return csv_response(f"{name}.csv", ([with_comma(value) for value in row] for row in rows))


def in_spanish() -> bool:
    return (get_language() or "").startswith("es")


class OneRun:
    """Screens about one of the supplier's own imports."""

    permission = PERMISSION

    def get_object(self) -> ImportRun:
        return self.found(runs_of(self.membership), id_public=self.kwargs["id_public"])

    def get_success_url(self) -> str:
        return reverse("catalog_import:run", args=[self.kwargs["id_public"]])


class RunView(OneRun, ListScreen):
    """Where an import stands: being read, a preview to look through, or what came of it."""

    template_name = "catalog_import/run.html"
    paginate_by = 50

    @cached_property
    def run(self) -> ImportRun:
        return self.get_object()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.run.status == Status.COLUMNS:
            return redirect("catalog_import:run-columns", self.run.id_public)
        return super().get(request, *args, **kwargs)

    @cached_property
    def falls(self) -> int:
        return steep_falls(self.run).count()

    @cached_property
    def tab(self) -> str:
        """The one that is asked for; else the first that there is something to see in, refusals before all."""
        asked = self.request.GET.get("ver", "")
        if asked in (*Outcome.values, STEEP, KEPT):
            return asked
        if self.run.kept:
            return KEPT
        return next((outcome for outcome in (Outcome.REFUSED, *Outcome) if getattr(self.run, outcome)), Outcome.ADDED)

    def get_rows(self) -> QuerySet:
        if self.tab == STEEP:
            return steep_falls(self.run)
        if self.tab == KEPT:
            return rows_kept(self.run)
        if self.tab == Outcome.PROPOSED and self.run.status in UNDOABLE:
            return proposals_shown().standing().filter(run=self.run)
        return self.run.issues.all() if self.tab == Outcome.REFUSED else rows_that(self.run, self.tab)

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {
            "run": self.run,
            "steps": steps_of(self.run),
            "work": Work(self.run, told_of(self.run.pk)) if self.run.is_working else None,
            "columns": columns_read(self.run),
            "tab": self.tab,
            "tiles": tiles_of(self.run, Outcome.CHANGED if self.tab == STEEP else self.tab),
            "rows": list(self.shown(context["object_list"])),
            "falls": self.falls,
            "confirm_form": ConfirmForm(falls=self.falls),
        }

    def shown(self, rows: Iterable) -> Iterable:
        if self.tab == Outcome.REFUSED:
            return issues_shown(self.run, rows)
        if self.tab == KEPT:
            return kept_shown(rows)
        return map(ChangedRow, rows) if self.tab in (Outcome.CHANGED, STEEP) else rows


class RunErrorsView(OneRun, ScreenMixin):
    """The refused rows as the file has them, and one column more that says what is wrong: to correct and upload again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.get_object()
        name = _("refused-{number}").format(number=run.short_id.lower())
        if run.encoding == WORKBOOK:
            return workbook_response(f"{name}.xlsx", [list(line) for line in self.lines(run)])
        return csv_response(f"{name}.csv", self.lines(run), delimiter=run.delimiter or ";")  # it tells how 1.048 is meant

    def lines(self, run: ImportRun) -> Iterator[list[str]]:
        columns = [name for name in NAMES if name in run.header]
        messages = messages_by_line(run)
        yield [*(run.header[name] for name in columns), "error"]
        for row in refused_rows(run).iterator(chunk_size=1000):
            why = _("Line {line}: {messages}").format(line=row.line, messages=messages[row.line])
            yield [*(getattr(row, name) for name in columns), why]


class RunStopView(OneRun, ActionView):
    """Give a file up while it waits or is being read."""

    form_class = forms.Form

    def act(self, form) -> str:
        run = run_stop(run_id=self.object.pk, actor=self.membership, at=now())
        if run.status == Status.DISCARDED:
            return _("The import of {file} is cancelled. Nothing has changed.").format(file=run.file_name)
        return _("The reading of {file} stops at its next step. Nothing has changed.").format(file=run.file_name)


class RunConfirmView(OneRun, ActionView):
    """Have a preview applied."""

    form_class = ConfirmForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"falls": steep_falls(self.object).count()}

    def act(self, form) -> str:
        run = run_confirm(run_id=self.object.pk, actor=self.membership, at=now())
        if run.proposed == run.writes:
            sent = ngettext("{count} proposal is being sent.", "{count} proposals are being sent.", run.writes)
            return sent.format(count=number_text(run.writes))
        applied = ngettext("{count} change is being applied.", "{count} changes are being applied.", run.writes)
        return applied.format(count=number_text(run.writes))


class RunUndoView(OneRun, RuleFormView):
    """Take an applied import back: first what that would do, and what it would keep."""

    form_class = forms.Form
    template_name = "catalog_import/run_undo.html"

    def get_object(self) -> ImportRun:
        undoable = runs_of(self.membership).filter(status__in=UNDOABLE, applied_at__isnull=False)
        return self.found(undoable, id_public=self.kwargs["id_public"])

    def get_context_data(self, **context):
        is_applied = self.object.status == Status.APPLIED
        return super().get_context_data(plan=undo_plan(self.object) if is_applied else None, **context)

    def act(self, form) -> str:
        run = run_undo_ask(run_id=self.object.pk, actor=self.membership, at=now())
        if run.status == Status.UNDOING:
            return _("The import of {file} is being undone.").format(file=run.file_name)
        return " ".join(undone_sentences(run))


def undone_sentences(run: ImportRun) -> Iterator[str]:
    yield ngettext("{count} row is taken back.", "{count} rows are taken back.", run.undone).format(count=number_text(run.undone))
    if run.kept:
        yield ngettext("{count} row is kept.", "{count} rows are kept.", run.kept).format(count=number_text(run.kept))


class RunDiscardView(OneRun, ActionView):
    form_class = forms.Form

    def act(self, form) -> str:
        run_discard(run_id=self.object.pk, actor=self.membership, at=now())
        return _("The simulation of {file} is discarded. Nothing has changed.").format(file=self.object.file_name)
