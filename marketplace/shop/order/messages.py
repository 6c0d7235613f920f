from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("order_already_answered", _("Order {number} has already been answered: {status}."))
Message("cause_elsewhere", _("Choose one of the causes that {agreement} allows."), "cause")
Message("answer_too_late", _("The time to answer {number} ended on {until}. It lapses; the entity has its budget back."))
Message(
    "order_not_cancellable",
    _("{number} cannot be cancelled now: {status}. What has been accepted is invoiced; close the rest short."),
)
Message("cancel_reason_missing", _("Write why the order is cancelled: the supplier reads it."), "reason")
