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
Message(
    "step_without_approver",
    _("Nobody can do step {step}, «{who}». Ask who administers {entity}: {administrators}."),
)
Message(
    "too_few_approvers",
    _("Its {steps} steps need as many different people, and {entity} has too few approvers. Ask: {administrators}."),
)
Message("rule_names_nobody", _("Choose whom it names, and only if the step is decided by it."))
Message("rule_elsewhere", _("Choose units and approvers of {entity}."))
Message("rule_amounts", _("Write an amount above the first one, or leave it empty."), "amount_until")
Message("rule_begun", _("A step is asked for from today on, or from a later day."), "valid_from")
Message("rule_ended", _("This step is no longer asked for."))
Message("not_your_turn", _("{number} waits for another decision: {who}."))
Message("step_approved_by_you", _("You have approved {number} already. Another person decides the next step."))
Message("needed_for_another_step", _("You alone can do a later step of {number}: another approver decides this one."))
Message("own_need", _("Nobody approves their own need. Another person of {entity} must decide."))
Message("already_decided", _("{number} has already been decided: {status}."))
Message(
    "amount_changed",
    _("Prices have changed since you opened this page: the total is now USD {now}, not USD {seen}. Check it and decide again."),
)
Message("comment_missing", _("Write what has to be corrected, so that {requester} can do it."), "comment")
Message(
    "kept_amount_unread",
    _("You keep {kept} of {lines} lines: the total is USD {now} instead of USD {seen}. Approve again to confirm it."),
)
Message("all_lines_rejected", _("Rejecting every line is no approval. Return the requisition: your reasons go with it."))
Message("rejection_reason_missing", _("Write why the line is rejected, so that {requester} understands it."))
Message("line_not_there", _("A line that you reject is no longer in {number}. Reload the page and decide again."))
Message("hold_over", _("The prices of {number} were held until {until}. It goes back to who asked for it, who may send it again."))
Message("not_yours", _("{number} was requested by {requester}, who alone can do this."))
Message("not_returned", _("{number} cannot be corrected now: {status}."))
Message("cart_in_use", _("Your cart holds other products. Send them or take them out, then correct {number}."))
Message("certificate_known", _("{entity} already has the certificate {number}."), "number")
