from django.db import connection


def test_all_entities_share_one_schema(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
        assert cursor.fetchall() == [("public",)]


def test_an_entity_names_its_jurisdiction(entity_factory):
    assert [entity_factory().jurisdiction, entity_factory(jurisdiction="gad-loja").jurisdiction] == ["ec", "gad-loja"]
