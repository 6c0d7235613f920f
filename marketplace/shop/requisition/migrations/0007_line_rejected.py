import django.db.models.deletion
from django.db import migrations, models

REASON = models.Q(rejected_in=None, rejection_reason="") | models.Q(rejected_in__isnull=False) & ~models.Q(rejection_reason="")


class Migration(migrations.Migration):
    """An approver may take single lines out, with a reason."""

    dependencies = [("requisition", "0006_steps_of_waiting_needs")]
    operations = [
        migrations.AddField(
            "requisitionline",
            "rejected_in",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rejected_lines",
                to="requisition.routestep",
            ),
        ),
        migrations.AddField(
            "requisitionline", "rejection_reason", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddConstraint(
            "requisitionline", models.CheckConstraint(condition=REASON, name="requisition_line_rejected_with_a_reason")
        ),
    ]
