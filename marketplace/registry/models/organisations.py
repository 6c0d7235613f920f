from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.states import Moves
from marketplace.kernel.text import SortKey

from ..places import canton_name, validate_canton
from ..ruc import validate_ruc


def named_sort_key() -> models.GeneratedField:
    """Kept by the database beside `name`: lists sort by it, ñ after n."""
    return models.GeneratedField(expression=SortKey("name"), output_field=models.TextField(), db_persist=True)


class Entity(models.Model):
    """A contracting entity of the State (entidad contratante; OCDS buyer).

    `jurisdiction`: which body of law it buys under.
    """

    ruc = models.CharField(_("RUC"), max_length=13, unique=True, validators=[validate_ruc])
    name = models.CharField(_("name"), max_length=200)
    sort_key = named_sort_key()
    canton_code = models.CharField(_("canton"), max_length=4, validators=[validate_canton])
    jurisdiction = models.CharField(_("jurisdiction"), max_length=32, default="ec")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("contracting entity")
        verbose_name_plural = _("contracting entities")
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def canton(self) -> str:
        return canton_name(self.canton_code)


class EntityUnit(models.Model):
    """A unit of an entity that asks for goods: a pharmacy, a store, a department."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="units")
    name = models.CharField(_("name"), max_length=120)
    sort_key = named_sort_key()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["entity", "name"], name="registry_unit_named_once")]

    def __str__(self) -> str:
        return self.name


class Supplier(Moves):
    """A supplier (proveedor, RUP). Suspended, it sells nothing anywhere; orders in course go on."""

    class Status(models.TextChoices):
        ENABLED = "enabled", _("Enabled")
        SUSPENDED = "suspended", _("Suspended")

    MOVES = {Status.ENABLED: {Status.SUSPENDED}, Status.SUSPENDED: {Status.ENABLED}}

    ruc = models.CharField(_("RUC"), max_length=13, unique=True, validators=[validate_ruc])
    name = models.CharField(_("legal name"), max_length=200)
    sort_key = named_sort_key()
    canton_code = models.CharField(_("canton"), max_length=4, validators=[validate_canton])
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.ENABLED)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def canton(self) -> str:
        return canton_name(self.canton_code)

    @property
    def is_enabled(self) -> bool:
        return self.status == self.Status.ENABLED
