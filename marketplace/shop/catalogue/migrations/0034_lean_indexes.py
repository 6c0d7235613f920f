from django.db import migrations

DROP_PATTERN_INDEXES = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT indexname FROM pg_indexes WHERE tablename = 'catalogue_product' AND indexname LIKE '%\\_like' LOOP
        EXECUTE format('DROP INDEX %I', name);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """Indexes for LIKE that Django adds to every indexed text; nothing asks them, and each costs an import."""

    dependencies = [("catalogue", "0033_sheet")]
    operations = [migrations.RunSQL(DROP_PATTERN_INDEXES, migrations.RunSQL.noop)]
