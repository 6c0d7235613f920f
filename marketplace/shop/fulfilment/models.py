from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.history.tables import only_grows
from marketplace.kernel.ids import public_id
from marketplace.registry.models import Membership
from marketplace.shop.order.models import Line, Order


def photograph_path(line: "DeliveryLine", name: str) -> str:
    """A name that says nothing and cannot be guessed; the file is always ours, re-encoded."""
    return f"recepciones/{public_id()}.jpg"


class Dispatch(models.Model):
    """The supplier has sent goods of an order off. `expected_on`: the day on which it says they arrive. Only grows."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="dispatches")
    guide_number = models.CharField(_("delivery note"), max_length=60, blank=True)
    expected_on = models.DateField(_("expected on"), null=True)
    note = models.TextField(_("note"), blank=True)
    dispatched_by = models.ForeignKey(Membership, models.PROTECT, related_name="dispatches")
    dispatched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        ordering = ["-dispatched_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.guide_number}".strip()


class DeliveryQuerySet(models.QuerySet):
    def standing(self) -> "DeliveryQuerySet":
        """Those that were not voided."""
        return self.filter(void__isnull=True)


class Delivery(models.Model):
    """What one delivery of an order brought, line by line, as the receiver found it: the acceptance act (acta entrega-recepción).

    Never edited: a reception recorded in error is voided by a `DeliveryVoid`. `received_on`: the legal date. `kind`: definitive
    when nothing more of the order was owed after it. Only grows.
    """

    class Kind(models.TextChoices):
        PARTIAL = "partial", _("Partial")
        DEFINITIVE = "definitive", _("Definitive")

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=32, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="deliveries", verbose_name=_("order"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    received_on = models.DateField(_("received on"))
    received_by = models.ForeignKey(Membership, models.PROTECT, related_name="deliveries", verbose_name=_("received by"))
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(_("note"), blank=True)
    verification_code = models.CharField(max_length=20, unique=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("acceptance act")
        verbose_name_plural = _("acceptance acts")
        ordering = ["-recorded_at", "-pk"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("fulfilment:delivery", args=[self.number])

    @property
    def is_void(self) -> bool:
        return hasattr(self, "void")


class DeliveryLine(models.Model):
    """What came of one line. `accepted`, `refused`: sales units; what is refused stays owed. Only grows."""

    class Reason(models.TextChoices):
        DAMAGED = "damaged", _("Damaged")
        WRONG = "wrong", _("Not what was ordered")
        BELOW_SHEET = "below_sheet", _("Does not fit the product sheet")
        EXPIRED = "expired", _("Expired or soon to expire")
        EXCESS = "excess", _("More than was ordered")
        OTHER = "other", _("Other")

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(Line, models.PROTECT, related_name="delivery_lines")
    accepted = models.PositiveIntegerField(_("accepted"))
    refused = models.PositiveIntegerField(_("refused"), default=0)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices, blank=True)
    explanation = models.CharField(_("what is wrong"), max_length=500, blank=True)
    photograph = models.FileField(_("photograph"), upload_to=photograph_path, max_length=120, blank=True)

    class Meta:
        ordering = ["order_line_id"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "order_line"], name="fulfilment_line_once_in_a_delivery"),
            models.CheckConstraint(condition=Q(accepted__gt=0) | Q(refused__gt=0), name="fulfilment_line_brings_something"),
            models.CheckConstraint(condition=Q(refused=0) ^ ~Q(reason=""), name="fulfilment_refused_for_a_reason"),
            models.CheckConstraint(condition=~Q(reason="other") | ~Q(explanation=""), name="fulfilment_other_reason_is_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery} {self.accepted} / {self.refused}"


class DeliveryVoid(models.Model):
    """A reception that was recorded in error: what it accepted is owed again. Only grows."""

    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="void")
    reason = models.CharField(_("reason"), max_length=500)
    voided_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    voided_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="fulfilment_voided_for_a_reason")]

    def __str__(self) -> str:
        return f"{self.delivery} ✗"


for table in ("dispatch", "delivery", "deliveryline", "deliveryvoid"):
    only_grows(f"fulfilment_{table}")
