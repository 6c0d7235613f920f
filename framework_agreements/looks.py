from marketplace.kernel.screens.looks import Look, show

from .models import Adjudication, AgreementLot, FrameworkAgreement

show(
    FrameworkAgreement.Status,
    draft=Look("still", "pencil"),
    published=Look("ok", "check-circle"),
    closed=Look("still", "archive"),
)
show(AgreementLot.Status, active=Look("ok", "check-circle"), suspended=Look("bad", "slash-circle"))
show(Adjudication.Status, active=Look("ok", "check-circle"), suspended=Look("bad", "slash-circle"))
