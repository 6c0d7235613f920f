from django.db import migrations


def delete_group(apps, schema_editor):
    """Oscar's migration before this one makes a group for its dashboard, which is not installed."""
    apps.get_model("auth", "Group").objects.filter(name="All Oscar Dashboard Permissions").delete()


class Migration(migrations.Migration):
    dependencies = [("customer", "0008_assign_permissions_to_staff"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(delete_group, migrations.RunPython.noop)]
