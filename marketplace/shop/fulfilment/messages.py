from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("order_awaits_nothing", _("Nothing of {number} is awaited now: {status}."))
Message("expected_in_the_past", _("It cannot arrive before today. Write today or a later day."), "expected_on")
Message("received_meanwhile", _("{number} was recorded meanwhile by {who}. Check what is still owed and record the rest."))
Message("nothing_brought", _("Write for at least one product how much was accepted or refused."))
Message("received_in_the_future", _("Write the day on which it came: today or an earlier day."), "received_on")
Message(
    "received_before_acceptance",
    _("The supplier accepted the order on {accepted_on}: nothing came before that day."),
    "received_on",
)
Message(
    "more_than_owed",
    _("{owed} are owed of {name}, and {accepted} would be accepted. What is over that is refused as more than was ordered."),
)
Message("quantity_impossible", _("Write a quantity from 0 to {most}."))
Message("refusal_without_reason", _("Choose why {refused} of {name} are refused."))
Message("refusal_unexplained", _("Say in words what is wrong with {name}."))
Message("reason_without_refusal", _("You say what is wrong with {name} but refuse none of it. Write how many, or take it out."))
Message("photograph_too_heavy", _("The photograph weighs more than {most} MB. Take it with less resolution."))
Message("photograph_unreadable", _("This file is no photograph that can be read. Use JPEG, PNG or WebP."))
Message("photograph_too_large", _("The photograph has more than {most} million pixels. Take it with less resolution."))
Message("nothing_accepted_yet", _("Nothing of {number} has been accepted: cancel it instead."))
Message("not_partially_received", _("{number} cannot be closed short now: {status}."))
Message("closing_reason_missing", _("Write why the rest is given up: the supplier reads it."), "reason")
Message("void_reason_missing", _("Write what was recorded wrongly: the act keeps it."), "reason")
Message("already_void", _("{number} was already voided."))
Message("too_late_to_void", _("{number} stays as it is: its order is {status}."))
Message(
    "void_of_invoiced",
    _("{number} stays as it is: what it accepted is invoiced. The invoice has to be rejected or annulled first."),
)
