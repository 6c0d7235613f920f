from django.db import migrations


class Migration(migrations.Migration):
    """Running numbers of acceptance acts (actas de entrega-recepción)."""

    dependencies = [("fulfilment", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE number_aer", "DROP SEQUENCE number_aer")]
