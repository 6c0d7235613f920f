from marketplace.kernel.screens.looks import Look, show

from .models import StockRecord

show(
    StockRecord.Status,
    draft=Look("still", "pencil"),
    published=Look("ok", "check-circle"),
    withdrawn=Look("still", "archive"),
)
