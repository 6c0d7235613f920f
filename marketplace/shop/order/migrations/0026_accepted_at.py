from django.db import migrations
from django.db.models import F

from marketplace.kernel.acting import acting


def fill_accepted_at(apps, schema_editor):
    """Until now an accepted order had not moved since: the time of its state is the time of its acceptance."""
    with acting(reason="migrate order.0026"):
        apps.get_model("order", "Order").objects.filter(status="accepted").update(accepted_at=F("status_at"))


class Migration(migrations.Migration):
    dependencies = [("order", "0025_until_liquidated")]
    operations = [migrations.RunPython(fill_accepted_at, migrations.RunPython.noop)]
