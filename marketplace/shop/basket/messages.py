from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("quantity_not_positive", _("Write a quantity of 1 or more."), "quantity")
Message("cart_line_gone", _("This line is no longer in the cart. Add the product again if you need it."))
Message("cart_is_frozen", _("This cart has been sent to approval and cannot be changed."))
Message("nothing_to_add", _("Nothing of this can be bought now: see why beside each product."))
Message(
    "refill_changed",
    _(
        "Prices or offers have changed since you opened this page: it comes to USD {now} now, not USD {seen}. Look again and confirm."
    ),
)
Message("list_closed", _("«{name}» is closed: somebody took it up, joined it with another list, or closed it."))
Message("list_taken_meanwhile", _("Somebody has taken up a part of «{name}» meanwhile. Look again at what is left of it."))
Message("list_with_itself", _("Choose another list: this one cannot be joined with itself."), "target")
Message("only_lists_join", _("A cart that was put aside is taken up whole; only lists are joined."))
Message("list_line_gone", _("This product is no longer on the list."))
Message("cart_has_nothing", _("Your cart is empty: put something into it first."))
Message("not_the_owner", _("Only {owner}, who made it, can do this."))
Message("quick_file_large", _("The file is larger than 1 MB. Divide it, or paste the lines."), "file")
Message(
    "quick_file_unreadable",
    _("The file cannot be read. Save it as CSV or XLSX, with the code and the quantity in its first two columns."),
    "file",
)
Message("quick_too_many", _("There are more than {most} lines. Order them in parts."), "lines")
Message("quick_quantity", _("Write a whole quantity from 1 on."))
Message("code_unknown", _("No offer has the code «{code}»."))
Message("code_of_several", _("Several suppliers give the code «{code}» to different products. Write the sheet's: {sheets}."))
Message("quick_none_resolved", _("None of these lines can be added as it is. Correct them below."))
