from django.db import migrations

STEPS = """
INSERT INTO requisition_routestep (requisition_id, position, who, comment)
SELECT id, 1, 'anyone', '' FROM requisition_requisition r
WHERE status = 'in_approval' AND NOT EXISTS (SELECT FROM requisition_routestep s WHERE s.requisition_id = r.id)
"""


class Migration(migrations.Migration):
    """What waits for an approval when routes begin waits for one of any approver, as it did."""

    dependencies = [("requisition", "0005_other_eyes")]
    operations = [migrations.RunSQL(STEPS, migrations.RunSQL.noop)]
