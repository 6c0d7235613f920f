from django.db import migrations


class Migration(migrations.Migration):
    """Running numbers of requisitions."""

    dependencies = [("requisition", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE number_req", "DROP SEQUENCE number_req")]
