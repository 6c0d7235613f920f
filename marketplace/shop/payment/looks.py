from marketplace.kernel.screens.looks import Look, show

from .models import PaymentOrder

show(
    PaymentOrder.Status,
    prepared=Look("plum", "hourglass-split"),
    sent=Look("info", "send"),
    scheduled=Look("info", "calendar-check"),
    partly_paid=Look("warn", "pie-chart"),
    paid=Look("ok", "check-circle"),
    refused=Look("bad", "x-circle"),
    reversed=Look("bad", "arrow-counterclockwise"),
)
