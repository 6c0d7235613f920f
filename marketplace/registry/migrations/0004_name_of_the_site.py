from urllib.parse import urlsplit

from django.conf import settings
from django.db import migrations


def name_the_site(apps, schema_editor):
    """Letters about passwords name it; Django's own name for it is example.com."""
    site = {"domain": urlsplit(settings.BASE_URL).netloc, "name": settings.SITE_NAME}
    apps.get_model("sites", "Site").objects.update_or_create(pk=settings.SITE_ID, defaults=site)


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_invitation_sent_again"), ("sites", "0002_alter_domain_unique")]

    operations = [migrations.RunPython(name_the_site, migrations.RunPython.noop)]
