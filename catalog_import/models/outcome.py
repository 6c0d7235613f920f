from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What a row comes to."""

    ADDED = "added", _("New")
    CHANGED = "changed", _("Changing")
    UNCHANGED = "unchanged", _("Unchanged")
    PROPOSED = "proposed", _("Proposed")
    REFUSED = "refused", _("Refused")
