from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("cart_is_empty", _("The cart is empty. Find what you need in the catalogue."))
Message("no_approver", _("Nobody else in {entity} can approve. Ask the entity's administrator to invite an approver."))
Message("certificate_elsewhere", _("That certificate is not of {entity}. Choose one from the list."), "certificate")
Message(
    "certificate_short",
    _("Certificate {number} lacks USD {missing}: USD {left} are left and USD {asked} are asked."),
    "certificate",
)
Message("ceiling_short", _("The lot «{lot}» of {agreement} has USD {left} left under its ceiling, and USD {asked} are asked."))
Message("stock_short", _("{supplier} has {left} of {name} left, and {asked} are asked. Return the requisition."))
Message("own_need", _("Nobody approves their own need. Another person of {entity} must decide."))
Message("already_decided", _("{number} has already been decided: {status}."))
Message(
    "amount_changed",
    _("Prices have changed since you opened this page: the total is now USD {now}, not USD {seen}. Check it and decide again."),
)
Message("comment_missing", _("Write what has to be corrected, so that {requester} can do it."), "comment")
Message("not_yours", _("{number} was requested by {requester}, who alone can do this."))
Message("not_returned", _("{number} cannot be corrected now: {status}."))
Message("cart_in_use", _("Your cart holds other products. Send them or take them out, then correct {number}."))
Message("certificate_known", _("{entity} already has the certificate {number}."), "number")
