from django.db import migrations, models


class Migration(migrations.Migration):
    """Buyers order by the supplier's code (quick order)."""

    dependencies = [("partner", "0011_best_offer_index")]

    operations = [
        migrations.AddIndex(
            model_name="stockrecord",
            index=models.Index(fields=["partner_sku"], name="partner_by_sku"),
        ),
    ]
