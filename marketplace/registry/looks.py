from marketplace.kernel.screens.looks import Look, show

from .models import Supplier

show(Supplier.Status, enabled=Look("ok", "check-circle"), suspended=Look("bad", "slash-circle"))
