from django.db import migrations

ADD = """
ALTER TABLE partner_stockrecord ADD CONSTRAINT partner_listing_of_its_items_product
    FOREIGN KEY (adjudicated_item_id, product_id) REFERENCES framework_agreements_adjudicateditem (id, product_id)
"""


class Migration(migrations.Migration):
    """A listing's sheet is its adjudicated item's sheet: held by the database."""

    dependencies = [("partner", "0009_listing"), ("framework_agreements", "0002_initial")]
    operations = [migrations.RunSQL(ADD, "ALTER TABLE partner_stockrecord DROP CONSTRAINT partner_listing_of_its_items_product")]
