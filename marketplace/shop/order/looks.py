from marketplace.kernel.screens.looks import Look, show

from .models import Order

show(Order.Status, issued=Look("info", "send"), accepted=Look("ok", "hand-thumbs-up"), rejected=Look("bad", "x-circle"))
