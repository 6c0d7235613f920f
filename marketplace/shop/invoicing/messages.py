from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("order_not_invoiceable", _("{number} cannot be invoiced now: {status}. Goods are invoiced once they have been accepted."))
Message("invoice_of_another", _("{number} is an order to the RUC {ruc}, which alone can invoice it."))
Message("invoice_number_malformed", _("Write the number as on the invoice: 001-001-000000123."), "number")
Message("invoice_number_used", _("You already have an invoice {number}. Check the number, or annul the other one first."), "number")
Message("invoice_of_tomorrow", _("An invoice cannot be issued after today, {today}."), "issued_on")
Message("invoice_before_order", _("You accepted the order on {since}; its invoice is of that day or later."), "issued_on")
Message("invoice_currency", _("The invoice is in {currency}; only {ours} are paid."))
Message(
    "access_key_malformed",
    _("An access key has 49 digits and its last one checks the others. Copy it from the invoice."),
    "access_key",
)
Message("access_key_of_no_invoice", _("That access key is not of an invoice."), "access_key")
Message("access_key_ruc", _("That access key is of the RUC {said}, not of {ruc}."), "access_key")
Message(
    "access_key_number", _("That access key is of the invoice {said}. Number and key must be of the same invoice."), "access_key"
)
Message("access_key_date", _("That access key is of an invoice of {said}. Date and key must be of the same invoice."), "access_key")
Message("nothing_invoiced", _("Write the quantity of at least one product."))
Message("invoice_of_nothing", _("These quantities come to less than a cent. Invoice more units together."))
Message("invoiced_twice", _("{title}: it stands twice on the invoice. Put it on one line."))
Message("not_ordered", _("Line {position} is not on this order. Invoice it with its own order."))
Message("invoiced_quantity_not_positive", _("{title}: the quantity must be 1 or more."))
Message("over_invoiced", _("{title}: {asked} of {open}, {extra} too many. Invoice {open} at most."))
Message(
    "over_invoiced_with_others",
    _("{title}: {asked} of {open}, {extra} too many. {accepted} were accepted and {invoiced} are already invoiced."),
)
Message("price_differs", _("{title}: the invoice says USD {asked} per unit, the order USD {ordered}. Invoice the order's price."))
Message("vat_differs", _("{title}: the invoice has {asked} % VAT, the order {ordered} %. Invoice the order's rate."))
Message("line_net_differs", _("{title}: the line comes to USD {right}, not USD {asked}."))
Message("net_differs", _("The lines come to USD {right} net, not USD {asked}: USD {difference} of difference."))
Message(
    "invoice_vat_differs",
    _("The VAT comes to USD {right}, not USD {asked}: USD {difference} of difference. It is rounded once, on the sum."),
)
Message(
    "gross_differs", _("These quantities come to USD {right} with VAT, not USD {asked}: USD {difference} of difference."), "gross"
)
Message("invoice_already_decided", _("Invoice {number} has already been decided: {status}."))
Message("certifier_received", _("Whoever received the goods does not certify invoice {number}. Another finance officer must."))
Message("reason_missing", _("Write why, so that the other side can act on it."), "reason")
Message("invoice_being_paid", _("Invoice {number} is being paid or has been paid; it can no longer be annulled."))
