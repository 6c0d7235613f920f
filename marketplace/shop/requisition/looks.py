from marketplace.kernel.screens.looks import Look, show

from .models import Requisition

show(
    Requisition.Status,
    in_approval=Look("plum", "hourglass-split"),
    returned=Look("warn", "arrow-return-left"),
    approved=Look("ok", "check-circle"),
    lapsed=Look("warn", "hourglass-bottom"),
    withdrawn=Look("still", "x-circle"),
)
