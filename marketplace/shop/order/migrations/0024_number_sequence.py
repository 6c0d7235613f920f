from django.db import migrations


class Migration(migrations.Migration):
    """Running numbers of purchase orders."""

    dependencies = [("order", "0023_purchase_order")]
    operations = [migrations.RunSQL("CREATE SEQUENCE number_oc", "DROP SEQUENCE number_oc")]
