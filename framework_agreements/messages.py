from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("agreement_without_lots", _("{agreement} has no lot yet. Add one before you publish it."))
Message(
    "agreement_without_causes",
    _("{agreement} lists no cause for which a supplier may reject an order. Add one before you publish it."),
)
Message("agreement_is_closed", _("{agreement} is closed and cannot be changed any more."))
Message("agreement_known", _("There is already an agreement with the code {code}. Choose another."), "code")
Message("cause_known", _("{agreement} already lists this cause. Write another, or leave it as it is."), "text")
Message("lot_known", _("{agreement} already has a lot number {number}. Choose another."), "number")
Message("ceiling_below_taken", _("USD {taken} have already been ordered under this lot: its ceiling cannot be less."), "ceiling")
Message("adjudication_known", _("{supplier} already has this lot. Change that adjudication instead."), "supplier")
Message(
    "adjudication_outside_agreement",
    _("The agreement holds from {from_} until {until}. Choose days between them."),
    "valid_until",
)
Message("item_known", _("{product} is already adjudicated here. Change its ceiling price instead."), "product_code")
