from marketplace.kernel.plugins import RoomConfig


class JobsConfig(RoomConfig):
    """Durable background work."""

    name = "marketplace.kernel.jobs"
    label = "jobs"

    def ready(self) -> None:
        super().ready()
        from . import backend  # noqa: F401  registers the job that runs Wagtail's tasks
