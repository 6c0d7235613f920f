from django.db.models.signals import post_migrate

from marketplace.kernel.plugins import RoomConfig


class HistoryConfig(RoomConfig):
    """Row history by triggers, attached again after every migration."""

    name = "marketplace.kernel.history"
    label = "history"

    def ready(self) -> None:
        super().ready()
        from .triggers import attach_triggers

        post_migrate.connect(attach_triggers, sender=self, dispatch_uid="history.attach_triggers")
