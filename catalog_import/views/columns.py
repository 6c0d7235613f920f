"""The supplier says how a file is written, and what its columns hold."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from marketplace.kernel.screens.views import RuleFormView

from ..forms import ColumnsForm
from ..layouts import CORRECTABLE, run_lay_out, run_look_again
from ..models import ImportRun
from ..selectors import runs_of
from ..shown import first_rows_of, steps_of
from .imports import OneRun


class RunColumnsView(OneRun, RuleFormView):
    """How a file was read, its columns prefilled; then it is read with what the supplier says, or first looked at anew."""

    form_class = ColumnsForm
    template_name = "catalog_import/run_columns.html"

    def get_object(self) -> ImportRun:
        return self.found(runs_of(self.membership).filter(look__isnull=False), id_public=self.kwargs["id_public"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.get_object()
        if run.status not in CORRECTABLE:
            return redirect(run.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs() | {"run": self.object}
        kwargs.pop("initial")
        return kwargs

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(steps=steps_of(self.object), shown=first_rows_of(self.object), **context)

    def act(self, form) -> str:
        self.is_read_anew = form.is_to_be_read_anew
        if self.is_read_anew:
            run_look_again(run_id=self.object.pk, layout=form.layout, at=now())
            return _("The file is read anew. Check the columns.")
        run_lay_out(run_id=self.object.pk, layout=form.layout, actor=self.membership, at=now())
        return _("{file} is being read. Nothing changes until you apply it.").format(file=self.object.file_name)

    def get_success_url(self) -> str:
        return reverse("catalog_import:run-columns" if self.is_read_anew else "catalog_import:run", args=[self.object.id_public])
