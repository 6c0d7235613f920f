from django.db import migrations


class Migration(migrations.Migration):
    """Running numbers of payment orders and of liquidation acts."""

    dependencies = [("payment", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE number_op", "DROP SEQUENCE number_op"),
        migrations.RunSQL("CREATE SEQUENCE number_al", "DROP SEQUENCE number_al"),
    ]
