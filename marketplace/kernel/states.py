"""A state machine is a table: `MOVES` says from where to where; `move_to` is the only writer of `status`."""

from datetime import datetime

from django.db import models

from .errors import Broken, refuse


class Moves(models.Model):
    """Give the model `MOVES` and a `status` with choices."""

    MOVES: dict[str, set[str]]

    status_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def can_move_to(self, status: str) -> bool:
        return status in self.MOVES[self.status]

    def move_to(self, status: str, *, at: datetime, also: tuple[str, ...] = ()) -> None:
        """Raise RuleBroken(``illegal_move``) unless the table allows it. `also`: further changed fields to save."""
        if not self.can_move_to(status):
            refuse([Broken("illegal_move", status=self.get_status_display())])  # type: ignore[attr-defined]
        self.status = status
        self.status_at = at
        self.save(update_fields=["status", "status_at", *also])  # type: ignore[misc]
