import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations


class Migration(migrations.Migration):
    """Words of a sheet's name by index: what is searched in while the search engine is away."""

    dependencies = [("catalogue", "0035_number_sequence")]

    operations = [
        migrations.AddIndex(
            model_name="product",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("folded_title", config="simple"), name="catalogue_name_words"
            ),
        ),
    ]
