"""The roles in which people act, and the kind of organisation in which each exists."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    REQUESTER = "requester", _("Requester")
    APPROVER = "approver", _("Approver")
    BUDGET_OFFICER = "budget_officer", _("Budget officer")
    RECEIVER = "receiver", _("Receiver")
    FINANCE_OFFICER = "finance_officer", _("Finance officer")
    ORDER_ADMINISTRATOR = "order_administrator", _("Order administrator")
    ENTITY_ADMINISTRATOR = "entity_administrator", _("Entity administrator")
    SUPPLIER_MANAGER = "supplier_manager", _("Supplier manager")
    CATALOGUE_OFFICER = "catalogue_officer", _("Catalogue officer")
    EDITOR = "editor", _("Content editor")
    LEGAL_REVIEWER = "legal_reviewer", _("Legal reviewer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


ENTITY_ROLES = (
    Role.REQUESTER,
    Role.APPROVER,
    Role.BUDGET_OFFICER,
    Role.RECEIVER,
    Role.FINANCE_OFFICER,
    Role.ORDER_ADMINISTRATOR,
    Role.ENTITY_ADMINISTRATOR,
)
SUPPLIER_ROLES = (Role.SUPPLIER_MANAGER,)
AUTHORITY_ROLES = (Role.CATALOGUE_OFFICER, Role.EDITOR, Role.LEGAL_REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)
