from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("listing_not_published", _("{name} is no longer offered by {supplier}. Take it out of the cart."))
Message("supplier_suspended", _("{supplier} is suspended and sells nothing now. Choose another offer of {name}."))
Message("lot_suspended", _("The lot «{lot}» of {agreement} is suspended. {name} cannot be bought under it now."))
Message("adjudication_not_in_force", _("{supplier} may no longer sell {name} under {agreement}. Choose another offer."))
Message("agreement_not_in_force", _("The framework agreement {agreement} is not in force: {name} cannot be bought under it."))
Message("does_not_deliver", _("{supplier} does not deliver {name} in {canton}. Choose another offer or another place."))
Message("below_minimum", _("{supplier} sells {name} from {minimum} on. Raise the quantity."), "quantity")
Message("not_enough_stock", _("{supplier} has {left} of {name} left, and {asked} are asked. Lower the quantity."), "quantity")
Message(
    "price_over_ceiling",
    _("Lower the price to USD {ceiling} or less per {unit}: that is the ceiling of the adjudicated item."),
    "price",
)
Message("price_same", _("The price is USD {current} already. Write a lower one."), "price")
Message(
    "price_rise",
    _("The price may only go down: it is USD {current}. Offer that or less (framework agreement, price rule)."),
    "price",
)
Message("number_too_small", _("The number is too small. Write {least} or more."))
Message("number_too_large", _("The number is too large. Write {most} or less."))
