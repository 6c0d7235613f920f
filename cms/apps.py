from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class CmsConfig(RoomConfig):
    """The information portal: pages that editors write."""

    name = "cms"
    label = namespace = "cms"
    verbose_name = _("Portal")
    navigation = (
        NavigationEntry(
            "office", _("Portal pages"), "wagtailadmin_home", "wagtailadmin.access_admin", "pencil-square", 60, _("Portal")
        ),
        NavigationEntry(
            "office", _("Pages in progress"), "cms:pages-at-work", "wagtailadmin.access_admin", "hourglass-split", 61, _("Portal")
        ),
    )

    def ready(self) -> None:
        super().ready()
        from .services import help_texts_load

        post_migrate.connect(help_texts_load, sender=self, dispatch_uid="cms.help_texts_load")
