from django.db import migrations

SENT = "UPDATE requisition_requisitionline SET price_sent_id = price_id, vat_percent_sent = vat_percent"


class Migration(migrations.Migration):
    """What was sent before is taken to have been sent at the prices that it has."""

    dependencies = [("requisition", "0008_price_hold")]
    operations = [migrations.RunSQL(SENT, migrations.RunSQL.noop)]
