from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("payment_ordered_already", _("The payment of invoice {number} has already been ordered."))
Message("invoice_not_certified", _("Invoice {number} cannot be paid now: {status}. Certify it first."))
Message(
    "payer_received", _("Whoever received the goods does not order the payment of invoice {number}. Another finance officer must.")
)
Message("payment_not_waiting", _("{number} does not wait to be sent: {status}."))
Message("goods_still_owed", _("{number} is not received: {status}. It is liquidated when all has been received, or closed short."))
Message("not_all_invoiced", _("{title}: {open} of {accepted} accepted are not invoiced yet. The supplier has to send the invoice."))
Message("invoice_unpaid", _("Invoice {number} is not paid: {status}."))
Message("already_liquidated", _("{number} was liquidated already."))
# why a notice was not believed
Message("payment_unknown", _("No payment of ours has that key."))
Message("notice_contradicts", _("It contradicts what the gateway said before."))
Message("order_is_liquidated", _("The order is liquidated and closed."))
Message("nothing_was_sent", _("Nothing was sent to be paid: the penalty takes all of the invoice."))
Message("amount_not_asked_for", _("The amount is more than was asked for."))
Message("more_reversed_than_paid", _("More is taken back than was paid."))
Message("already_paid", _("Money has already arrived."))
Message("payment_has_ended", _("The payment had already been refused or reversed."))
