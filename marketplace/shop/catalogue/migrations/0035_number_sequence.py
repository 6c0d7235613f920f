from django.db import migrations


class Migration(migrations.Migration):
    """Running numbers of sheet codes."""

    dependencies = [("catalogue", "0034_lean_indexes")]
    operations = [migrations.RunSQL("CREATE SEQUENCE number_fn", "DROP SEQUENCE number_fn")]
