from django.db import migrations

# The same text for two accounts of one person, as `User.person_key`.
FUNCTION = """
CREATE FUNCTION registry_person(user_key bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(national_id, ''), 'user ' || id) FROM registry_user WHERE id = user_key
$$
"""


class Migration(migrations.Migration):
    """People are compared by their cédula, where it is told, and not by their accounts."""

    dependencies = [("registry", "0005_delegation")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION registry_person(bigint)")]
