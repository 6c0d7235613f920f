from marketplace.kernel.screens.looks import Look, show

from .models import Invoice

show(
    Invoice.Status,
    registered=Look("plum", "hourglass-split"),
    certified=Look("info", "patch-check"),
    paid=Look("ok", "check-circle"),
    rejected=Look("bad", "x-circle"),
    annulled=Look("still", "slash-circle"),
)
