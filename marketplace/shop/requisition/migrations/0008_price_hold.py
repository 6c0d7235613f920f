import django.db.models.deletion
from django.db import migrations, models

STATES = [
    ("in_approval", "In approval"),
    ("returned", "Returned"),
    ("approved", "Approved"),
    ("withdrawn", "Withdrawn"),
    ("lapsed", "Lapsed"),
]


class Migration(migrations.Migration):
    """What waits for an approval holds the prices that were sent, for a time. What waits already has no end."""

    dependencies = [("requisition", "0007_line_rejected")]
    operations = [
        migrations.AddField(
            "requisition", "held_until", models.DateTimeField(editable=False, null=True, verbose_name="prices held until")
        ),
        migrations.AlterField(
            "requisition",
            "status",
            models.CharField(choices=STATES, default="in_approval", max_length=16, verbose_name="status"),
        ),
        migrations.AddField(
            "requisitionline",
            "price_sent",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partner.price"),
        ),
        migrations.AddField("requisitionline", "vat_percent_sent", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
    ]
