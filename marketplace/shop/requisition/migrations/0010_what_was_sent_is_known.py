import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """From now on each line says at what price and rate it was sent."""

    dependencies = [("requisition", "0009_what_was_sent")]
    operations = [
        migrations.AlterField(
            "requisitionline",
            "price_sent",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partner.price"),
        ),
        migrations.AlterField("requisitionline", "vat_percent_sent", models.DecimalField(decimal_places=2, max_digits=5)),
    ]
