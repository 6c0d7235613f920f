from marketplace.kernel.screens.looks import Look, show

from .models import Order

show(
    Order.Status,
    issued=Look("info", "send"),
    accepted=Look("ok", "hand-thumbs-up"),
    rejected=Look("bad", "x-circle"),
    in_delivery=Look("info", "truck"),
    partially_received=Look("warn", "box-seam"),
    received=Look("ok", "check2-all"),
    liquidated=Look("plum", "lock"),
    cancelled=Look("still", "slash-circle"),
)
