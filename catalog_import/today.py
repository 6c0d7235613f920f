"""What of imports and proposals waits for somebody."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from marketplace.kernel.screens.tasks import task

from .models import ImportRun
from .selectors import proposals_to_decide, runs_gone_wrong, runs_to_confirm


def what_went_wrong(run: ImportRun) -> str:
    if run.failure:
        return run.failure_sentence
    return ngettext("{count} row was refused", "{count} rows were refused", run.refused).format(count=run.refused)


task(
    "imports-gone-wrong",
    permission="catalog_import.import_catalogue",
    area="supplier",
    sentence=ngettext_lazy("{count} import failed or has refused rows", "{count} imports failed or have refused rows", "count"),
    why=_("Download the refused rows, correct them, and upload the file again."),
    url_name="catalog_import:runs",
    rows=runs_gone_wrong,
    title=lambda run: run.file_name,
    note=what_went_wrong,
    icon="exclamation-triangle",
    is_wrong=True,
    order=20,
)
task(
    "imports-to-confirm",
    permission="catalog_import.import_catalogue",
    area="supplier",
    sentence=ngettext_lazy("{count} import waits to be applied", "{count} imports wait to be applied", "count"),
    why=_("It is a simulation: nothing is saved until you apply it."),
    url_name="catalog_import:runs",
    rows=runs_to_confirm,
    title=lambda run: run.file_name,
    note=lambda run: f"{run.agreement.code} · {run.get_status_display()}",
    icon="upload",
    order=30,
)
task(
    "proposals-to-decide",
    permission="catalog_import.decide_proposal",
    area="office",
    sentence=ngettext_lazy("{count} proposal waits for your decision", "{count} proposals wait for your decision", "count"),
    why=_("Accept each, or reject it with a reason. Until then it is not on sale."),
    url_name="catalog_import:proposals",
    rows=proposals_to_decide,
    title=lambda proposal: proposal.name,
    note=lambda proposal: f"{proposal.supplier.name} · {proposal.agreement.code}",
    url=lambda proposal: reverse("catalog_import:proposal", args=[proposal.id_public]),
    icon="inboxes",
    order=10,
)
