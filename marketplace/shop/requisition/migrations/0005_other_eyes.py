from django.db import migrations

# Holds whatever the code forgets: nobody decides on their own need, as another account, in another role or for somebody
# else, nor lets somebody decide on it in their place; nobody approves two steps; no need is approved past a step.
FUNCTIONS = """
CREATE FUNCTION requisition_refuse(what text, named text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: %', named, what USING ERRCODE = 'check_violation', CONSTRAINT = named;
END $$;

CREATE FUNCTION requisition_person_of(membership_key bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT registry_person(user_id) FROM registry_membership WHERE id = membership_key
$$;

CREATE FUNCTION requisition_step_by_other_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people text[] := ARRAY[registry_person(NEW.approver_id), requisition_person_of(NEW.principal_id)];
BEGIN
    IF (SELECT registry_person(requester_id) = ANY(people) FROM requisition_requisition WHERE id = NEW.requisition_id) THEN
        PERFORM requisition_refuse('nobody approves their own need', 'requisition_four_eyes_of_people');
    END IF;
    IF EXISTS (
        SELECT FROM requisition_routestep s WHERE s.requisition_id = NEW.requisition_id AND s.id <> NEW.id
        AND s.approver_id IS NOT NULL
        AND (registry_person(s.approver_id) = ANY(people) OR requisition_person_of(s.principal_id) = ANY(people))
    ) THEN
        PERFORM requisition_refuse('nobody approves two steps', 'requisition_steps_of_different_people');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION requisition_by_other_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people text[] := ARRAY[registry_person(NEW.decider_id), requisition_person_of(NEW.decided_for_id)];
BEGIN
    IF registry_person(NEW.requester_id) = ANY(people) THEN
        PERFORM requisition_refuse('nobody decides on their own need', 'requisition_four_eyes_of_people');
    END IF;
    IF NEW.status = 'approved' AND EXISTS (
        SELECT FROM requisition_routestep s WHERE s.requisition_id = NEW.id AND s.approver_id IS NULL
    ) THEN
        PERFORM requisition_refuse('a step is not yet approved', 'requisition_route_walked_to_its_end');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER other_eyes BEFORE INSERT OR UPDATE ON requisition_routestep
FOR EACH ROW WHEN (NEW.approver_id IS NOT NULL) EXECUTE FUNCTION requisition_step_by_other_eyes();

CREATE TRIGGER other_eyes AFTER INSERT OR UPDATE ON requisition_requisition
FOR EACH ROW WHEN (NEW.decider_id IS NOT NULL) EXECUTE FUNCTION requisition_by_other_eyes();
"""
BACK = """
DROP TRIGGER other_eyes ON requisition_requisition;
DROP TRIGGER other_eyes ON requisition_routestep;
DROP FUNCTION requisition_by_other_eyes();
DROP FUNCTION requisition_step_by_other_eyes();
DROP FUNCTION requisition_person_of(bigint);
DROP FUNCTION requisition_refuse(text, text);
"""


class Migration(migrations.Migration):
    """Four eyes are those of two people, held by the database."""

    dependencies = [("requisition", "0004_approval_route"), ("registry", "0006_one_person")]
    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
