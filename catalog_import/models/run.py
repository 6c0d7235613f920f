from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.history.tables import unseen
from marketplace.kernel.ids import public_id
from marketplace.kernel.states import Moves
from marketplace.registry.models import Membership, Supplier

from ..sentences import broken_rule
from .outcome import Outcome


def stored_as(run: "ImportRun", file_name: str) -> str:
    """Under a name of ours: what suppliers call their files never becomes a path."""
    return f"imports/{run.id_public}"


class ImportRun(Moves):
    """A supplier's file on its way into the catalogue: stored, read, shown as a preview, and applied or not.

    `file`: the upload as it came; none of a trial or of an offer by form. `header`: the file's own name of each column we know;
    `width`: its columns in all. The counts add up to `rows`: of the preview while it is one, of what was done once
    applied. `failure`: code and values of the reason why nothing could be done, or why it could not be undone. `undone`,
    `kept`: when it was taken back, how many rows were, and how many were not. `created_by`, `confirmed_by`: none for the
    command line; there nobody says columns either: `look`: the first lines, `layout`: how it is read (`readers.Layout`),
    `first_sight`: how it seemed to be written before anybody corrected that, `fingerprint`: of its first line then.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        COLUMNS = "columns", _("Columns to be confirmed")
        READING = "reading", _("Being read")
        PREVIEW = "preview", _("Simulation: nothing is saved")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        FAILED = "failed", _("Not imported")
        DISCARDED = "discarded", _("Discarded")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    MOVES = {
        Status.UPLOADED: {Status.COLUMNS, Status.READING, Status.FAILED, Status.DISCARDED},
        Status.COLUMNS: {Status.READING, Status.DISCARDED},
        Status.READING: {Status.PREVIEW, Status.FAILED, Status.DISCARDED},
        Status.PREVIEW: {Status.COLUMNS, Status.READING, Status.APPLYING, Status.DISCARDED},
        Status.APPLYING: {Status.APPLIED, Status.FAILED},
        Status.APPLIED: {Status.UNDOING, Status.UNDONE},
        Status.UNDOING: {Status.UNDONE, Status.APPLIED},
        Status.UNDONE: set(),
        Status.FAILED: set(),
        Status.DISCARDED: set(),
    }
    COUNTS = tuple(Outcome.values)

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="import_runs", verbose_name=_("supplier"))
    agreement = models.ForeignKey(FrameworkAgreement, models.PROTECT, related_name="import_runs", verbose_name=_("agreement"))
    file = models.FileField(_("file"), upload_to=stored_as, max_length=200, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_size = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.UPLOADED)
    failure = models.JSONField(null=True)
    encoding = models.CharField(max_length=16, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    decimal_mark = models.CharField(max_length=1, blank=True)
    look = models.JSONField(null=True)
    layout = models.JSONField(default=dict)
    first_sight = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    header = models.JSONField(default=dict)
    width = models.PositiveIntegerField(default=0)
    unused_columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("uploaded"))
    confirmed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    undone = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["supplier", "-created_at"], name="import_runs_of_supplier")]
        constraints = [
            models.CheckConstraint(
                condition=Q(rows=F("added") + F("changed") + F("unchanged") + F("proposed") + F("refused")),
                name="import_counts_add_up",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} · {self.agreement_id}"

    def get_absolute_url(self) -> str:
        return reverse("catalog_import:run", args=[self.id_public])

    @property
    def short_id(self) -> str:
        """The end of the public id, by which people speak of a run: its beginning is the hour."""
        return self.id_public.hex[-6:].upper()

    @property
    def writes(self) -> int:
        """How many rows do something when it is applied."""
        return self.added + self.changed + self.proposed

    @property
    def counted(self) -> list[tuple[str, int]]:
        """What the rows came to: label and count, of what there is any; of proposals that were sent, what waits (`waiting`)."""
        counts = [(label, getattr(self, outcome)) for outcome, label in Outcome.choices if outcome != Outcome.PROPOSED]
        waiting = getattr(self, "waiting", self.proposed) if self.applied_at else self.proposed
        counts += [(Outcome.PROPOSED.label, waiting), (_("Proposals decided"), self.proposed - waiting)]
        return [(label, count) for label, count in counts if count]

    @property
    def is_working(self) -> bool:
        return self.status in {self.Status.UPLOADED, self.Status.READING, self.Status.APPLYING, self.Status.UNDOING}

    @property
    def can_stop(self) -> bool:
        """Whether nothing has been written yet."""
        return self.status in {self.Status.UPLOADED, self.Status.COLUMNS, self.Status.READING}

    @property
    def failure_sentence(self) -> str:
        return broken_rule(self.failure["code"], self.failure["values"]).sentence if self.failure else ""


unseen("catalog_import_importrun", "look")  # what stands in the stored file
