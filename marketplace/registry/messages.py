from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

Message("role_elsewhere", _("The role «{role}» does not exist in this kind of organisation. Choose another."), "role")
Message("unit_elsewhere", _("The unit «{unit}» belongs to another entity. Choose one of {entity}."), "unit")
Message("delegation_elsewhere", _("Only an approver of {entity} delegates, and to another person of {entity}."), "delegate")
Message("delegation_over", _("The last day is before the first, or has passed. Write a later one."), "valid_until")
Message("delegation_begun", _("A delegation begins today or later."), "valid_from")
Message("delegation_twice", _("{principal} has already delegated in these days, to {delegate}. End that one first."), "valid_from")
Message("delegation_ended", _("This delegation has ended already."))
Message("already_invited", _("{email} already has an open invitation for this role. Withdraw it before you send another."), "email")
Message("already_member", _("{email} already acts in this role here."), "email")
Message("invitation_closed", _("This invitation is no longer open. Ask whoever invited you for a new one."))
Message("ruc_does_not_match", _("The invitation is for another company: {ruc} is not its RUC. Check the 13 digits."), "ruc")
Message("email_signs_in", _("{email} already has an account. Sign in with it, then open the invitation again."))
Message("last_administrator", _("{organisation} would be left without anybody who can invite people. Invite another first."))
