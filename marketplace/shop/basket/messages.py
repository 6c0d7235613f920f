from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("quantity_not_positive", _("Write a quantity of 1 or more."), "quantity")
Message("cart_line_gone", _("This line is no longer in the cart. Add the product again if you need it."))
Message("cart_is_frozen", _("This cart has been sent to approval and cannot be changed."))
