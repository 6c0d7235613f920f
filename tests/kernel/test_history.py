import hashlib
import io
import random
from collections import Counter
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.db.models import CharField, F, Model, Value
from django.db.models.functions import Cast, Concat

from marketplace.kernel.acting import acting, acting_because
from marketplace.kernel.history.models import RowVersion
from marketplace.kernel.history.tables import growing_tables, left_out_tables, recorded_tables
from marketplace.kernel.history.triggers import untracked
from marketplace.kernel.sets import copy_rows, execute, fetch
from marketplace.registry.models import Entity, EntityUnit
from marketplace.shop.catalogue.models import AttributeOption, AttributeOptionGroup
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


# ---------------------------------------------------------------- a random mix


@dataclass(frozen=True)
class Filled:
    """A table for the mix: rows of an owner, each with a text of its own within it."""

    model: type[Model]
    owner: str
    text: str

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    def begin(self) -> int:
        """A row that owns what the mix writes."""
        return EntityFactory().pk if self.owner == "entity_id" else AttributeOptionGroup.objects.create(name="Color").pk


OURS, OSCARS = Filled(EntityUnit, "entity_id", "name"), Filled(AttributeOption, "group_id", "option")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("table", [OURS, OSCARS], ids=["ours", "oscars"])
@pytest.mark.feature("AU-3")
def test_history_equals_changes_for_a_random_mix(db, table, seed):
    """ORM, bulk, COPY, raw SQL, upsert and MERGE in random order: a version for each row that changed, kind by kind."""
    chance, owner, changed = random.Random(seed), table.begin(), {kind: Counter() for kind in "IUD"}
    acts, after = ACTS * 5, places(table)
    chance.shuffle(acts)
    for step, act in enumerate(acts):
        before = after
        act(table, owner, step, chance)
        after = places(table)
        changed["I"].update(after.keys() - before.keys())
        changed["U"].update(key for key in before.keys() & after.keys() if before[key] != after[key])
        changed["D"].update(before.keys() - after.keys())

    assert all(changed.values())
    written = {kind: Counter(versions(table.name).filter(operation=kind).values_list("row_key", flat=True)) for kind in "IOUD"}
    assert written == changed | {"O": changed["U"]}


def places(table) -> dict[str, str]:
    """Key → where the row stands in the table's file: an updated row stands elsewhere."""
    return dict(fetch(f"SELECT id::text, ctid::text FROM {table.name}"))


def _save(table, owner, step, chance):
    table.model.objects.create(**{table.owner: owner, table.text: f"orm {step}"})


def _bulk_create(table, owner, step, chance):
    texts = [f"bulk {step} {n}" for n in range(chance.randint(1, 9))]
    table.model.objects.bulk_create(table.model(**{table.owner: owner, table.text: text}) for text in texts)


def _copy(table, owner, step, chance):
    copy_rows(table.name, [table.owner, table.text], [(str(owner), f"copy {step} {n}") for n in range(chance.randint(1, 9))])


def _update(table, owner, step, chance):
    some = [key for key in table.model.objects.values_list("pk", flat=True) if chance.random() < 0.5]
    renamed = Concat(Value(f"u{step} "), Cast(F("pk"), CharField()))
    table.model.objects.filter(pk__in=some).update(**{table.text: renamed})


def _raw_update(table, owner, step, chance):
    execute(f"UPDATE {table.name} SET {table.text} = 'raw {step} ' || id WHERE mod(id, 3) = {chance.randint(0, 2)}")


def _upsert(table, owner, step, chance):
    execute(
        f"""
        INSERT INTO {table.name} ({table.owner}, {table.text})
        SELECT {table.owner}, {table.text} FROM {table.name} WHERE mod(id, 3) = {chance.randint(0, 2)}
        UNION ALL SELECT {owner}, 'upsert {step} ' || n FROM generate_series(1, {chance.randint(1, 9)}) n
        ON CONFLICT ({table.owner}, {table.text}) DO UPDATE SET {table.text} = 'known {step} ' || {table.name}.id
        """
    )


def _merge(table, owner, step, chance):
    execute(
        f"""
        MERGE INTO {table.name} t
        USING (
            SELECT id, {table.text} FROM {table.name} WHERE mod(id, 2) = {chance.randint(0, 1)}
            UNION ALL SELECT NULL, 'merge {step} ' || n FROM generate_series(1, {chance.randint(1, 9)}) n
        ) AS wanted (id, text) ON t.id = wanted.id
        WHEN MATCHED AND mod(t.id, 5) = 0 THEN DELETE
        WHEN MATCHED THEN UPDATE SET {table.text} = 'merged {step} ' || t.id
        WHEN NOT MATCHED THEN INSERT ({table.owner}, {table.text}) VALUES ({owner}, wanted.text)
        """
    )


def _delete(table, owner, step, chance):
    execute(f"DELETE FROM {table.name} WHERE mod(id, 7) = {chance.randint(0, 6)}")


ACTS = [_save, _bulk_create, _copy, _update, _raw_update, _upsert, _merge, _delete]
