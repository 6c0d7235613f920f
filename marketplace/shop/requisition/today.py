"""What of requisitions and certificates waits for somebody."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.kernel.screens.shown import amount_text
from marketplace.kernel.screens.tasks import task

from .models import BudgetCertificate, Requisition
from .selectors import (
    DECIDED_WITHIN,
    certificates_nearly_used,
    requisitions_lapsed_of,
    requisitions_returned_to,
    requisitions_to_decide,
    requisitions_undecided_for_long,
)


def need_and_total(requisition: Requisition) -> str:
    return f"{requisition.need} · USD\u00a0{amount_text(requisition.gross)}"


def what_is_left(certificate: BudgetCertificate) -> str:
    return _("USD {left} left of USD {amount}").format(
        left=amount_text(certificate.amount.left), amount=amount_text(certificate.amount.limit)
    )


def in_the_list(certificate: BudgetCertificate) -> str:
    return f"{reverse('requisition:certificates')}?{urlencode({'q': certificate.number})}"


task(
    "requisitions-to-decide",
    permission="requisition.decide_requisition",
    area="purchases",
    sentence=ngettext_lazy("{count} requisition waits for your decision", "{count} requisitions wait for your decision", "count"),
    why=_("Approve each or return it with a comment. Until then its money stays reserved and nothing is ordered."),
    url_name="requisition:approvals",
    rows=requisitions_to_decide,
    title=lambda row: row.number,
    note=need_and_total,
    url=lambda row: reverse("requisition:approval", args=[row.number]),
    due=lambda row: row.submitted_at + DECIDED_WITHIN,
    icon="check2-square",
    order=10,
)
task(
    "requisitions-returned",
    permission="requisition.submit_requisition",
    area="purchases",
    sentence=ngettext_lazy("{count} requisition came back to you", "{count} requisitions came back to you", "count"),
    why=_("Correct each and send it again, or give it up."),
    url_name="requisition:requisitions",
    rows=requisitions_returned_to,
    title=lambda row: row.number,
    note=lambda row: f"{row.need} · {row.comment}",
    icon="arrow-return-left",
    order=10,
)
task(
    "requisitions-lapsed",
    permission="requisition.submit_requisition",
    area="purchases",
    sentence=ngettext_lazy(
        "{count} requisition of yours lapsed: nobody decided in time",
        "{count} requisitions of yours lapsed: nobody decided in time",
        "count",
    ),
    why=_("Read what has changed and send each again, or give it up."),
    url_name="requisition:requisitions",
    rows=requisitions_lapsed_of,
    title=lambda row: row.number,
    note=need_and_total,
    icon="hourglass-bottom",
    is_wrong=True,
    order=15,
)
task(
    "requisitions-undecided",
    permission="requisition.submit_requisition",
    area="purchases",
    sentence=ngettext_lazy(
        "{count} requisition of yours has waited for more than 3 days",
        "{count} requisitions of yours have waited for more than 3 days",
        "count",
    ),
    why=_("Remind whoever approves in your entity: nothing is ordered until then."),
    url_name="requisition:requisitions",
    rows=requisitions_undecided_for_long,
    title=lambda row: row.number,
    note=need_and_total,
    icon="hourglass-split",
    is_wrong=True,
    order=20,
)
task(
    "certificates-nearly-used",
    permission="requisition.register_certificate",
    area="purchases",
    sentence=ngettext_lazy(
        "{count} certificate has a tenth or less left", "{count} certificates have a tenth or less left", "count"
    ),
    why=_("Enter another certificate in time, so that nobody's purchase waits for money."),
    url_name="requisition:certificates",
    rows=certificates_nearly_used,
    note=what_is_left,
    url=in_the_list,
    icon="cash-coin",
    order=30,
)
