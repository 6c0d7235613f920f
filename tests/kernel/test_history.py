import hashlib
import io
import random

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from marketplace.kernel.acting import acting, acting_because
from marketplace.kernel.history.models import RowVersion
from marketplace.kernel.history.tables import growing_tables, left_out_tables, recorded_tables
from marketplace.kernel.history.triggers import untracked
from marketplace.registry.models import Entity
from tests.factories.factories import EntityFactory

UNIT = "registry_entityunit"


def versions(table=UNIT):
    return RowVersion.objects.filter(table_name=table).order_by("pk")


def test_every_table_is_recorded_growing_or_left_out_with_a_reason(db):
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    accounted = {table.name for table in recorded_tables()} | set(growing_tables()) | set(left_out_tables())

    assert tables <= accounted
    assert untracked({table.name for table in recorded_tables()} | set(growing_tables())) == set()
    assert all(left_out_tables().values())


def test_an_insert_keeps_who_why_and_a_digest(unit_factory):
    with acting("letter of the ministry", actor_id=7, membership_id=9):
        unit = unit_factory(name="Bodega")

    version = versions().get()
    assert (version.operation, version.row_key, version.old) == ("I", str(unit.pk), None)
    assert (version.actor_id, version.membership_id, version.reason) == (7, 9, "letter of the ministry")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(u)::text FROM {UNIT} u")
        row = cursor.fetchone()[0]
    assert bytes(version.digest) == hashlib.sha256(row.encode()).digest()


def test_an_update_keeps_the_old_row_and_the_new_digest(unit_factory):
    unit = unit_factory(name="Bodega")
    unit.name = "Farmacia"
    unit.save()

    before, after = versions()[1:]
    assert (before.operation, before.old["name"]) == ("O", "Bodega")
    assert (after.operation, after.old) == ("U", None)
    assert after.digest is not None


def test_a_delete_keeps_the_old_row(unit_factory):
    unit_factory(name="Bodega").delete()

    assert versions().last().operation == "D"
    assert versions().last().old["name"] == "Bodega"


def test_secrets_never_enter(user_factory):
    user = user_factory(email="m.vera@ejemplo.ec")
    user.set_password("bueno y largo")
    user.save()

    old = versions("registry_user").get(operation="O").old
    assert "password" not in old
    assert old["email"] == "m.vera@ejemplo.ec"


def test_nobody_acting_is_refused(entity_factory):
    entity = entity_factory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('soce.reason', '', true)")

    with pytest.raises(ProgrammingError, match="Nobody is acting"), transaction.atomic():
        Entity.objects.filter(pk=entity.pk).update(name="Otro")


def test_a_reason_in_words_keeps_the_person(unit_factory):
    with acting("POST /x", actor_id=3), acting_because("corrected a slip"):
        unit_factory()

    assert versions().get().actor_id == 3
    assert versions().get().reason == "corrected a slip"


def test_the_history_itself_only_grows(unit_factory):
    unit_factory()

    with pytest.raises(ProgrammingError, match="only grows"), transaction.atomic():
        RowVersion.objects.update(reason="tampered")


@pytest.mark.trap
def test_copy_as_the_first_statement_has_an_actor(own_database):
    entity = EntityFactory()
    with acting("loaded by COPY", actor_id=5), transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {UNIT} (entity_id, name) FROM STDIN", io.StringIO(f"{entity.pk}\tUno\n{entity.pk}\tDos\n"))

    assert list(versions().values_list("operation", "actor_id", "reason")) == [("I", 5, "loaded by COPY")] * 2


@pytest.mark.trap
def test_truncate_has_a_trigger_of_its_own(own_database):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE registry_invitation")

    assert list(versions("registry_invitation").values_list("operation", flat=True)) == ["T"]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.feature("AU-3")
def test_history_equals_changes_for_a_random_mix(own_database, seed):
    """ORM, bulk, COPY and raw SQL in random order: as many versions as rows changed, kind by kind."""
    chance, entity = random.Random(seed), EntityFactory()
    changes = {"I": 0, "U": 0, "D": 0}
    with transaction.atomic():
        for step in range(40):
            kind, count = chance.choice(ACTS)(entity, step, chance)
            changes[kind] += count

    found = {kind: versions().filter(operation=kind).count() for kind in changes}
    assert found == changes
    assert versions().filter(operation="O").count() == changes["U"]


def _save(entity, step, chance):
    entity.units.create(name=f"orm {step}")
    return "I", 1


def _bulk_create(entity, step, chance):
    from marketplace.registry.models import EntityUnit

    count = chance.randint(1, 9)
    EntityUnit.objects.bulk_create(EntityUnit(entity=entity, name=f"bulk {step} {n}") for n in range(count))
    return "I", count


def _copy(entity, step, chance):
    count = chance.randint(1, 9)
    lines = "".join(f"{entity.pk}\tcopy {step} {n}\n" for n in range(count))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {UNIT} (entity_id, name) FROM STDIN", io.StringIO(lines))
    return "I", count


def _update(entity, step, chance):
    return "U", entity.units.filter(pk__gt=chance.randint(0, 99999) % (step + 1)).update(name=_renamed(step))


def _renamed(step):
    from django.db.models import CharField, F, Value
    from django.db.models.functions import Cast, Concat

    return Concat(Value(f"u{step} "), Cast(F("pk"), CharField()))


def _raw_update(entity, step, chance):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {UNIT} SET name = 'raw {step} ' || id WHERE id %% 3 = %s", [chance.randint(0, 2)])
        return "U", cursor.rowcount


def _delete(entity, step, chance):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {UNIT} WHERE id %% 7 = %s", [chance.randint(0, 6)])
        return "D", cursor.rowcount


ACTS = [_save, _bulk_create, _copy, _update, _raw_update, _delete]
