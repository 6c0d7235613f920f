from marketplace.kernel.screens.looks import Look, show

from .models import PurchaseList

show(
    PurchaseList.Status,
    open=Look("ok", "check-circle"),
    closed=Look("still", "x-circle"),
)
