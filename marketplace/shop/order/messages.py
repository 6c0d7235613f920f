from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("order_already_answered", _("Order {number} has already been answered: {status}."))
Message("cause_elsewhere", _("Choose one of the causes that {agreement} allows."), "cause")
