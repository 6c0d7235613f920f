from django.db import migrations

BALANCES = """
CREATE FUNCTION payment_ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whole bigint := CASE TG_TABLE_NAME
        WHEN 'payment_ledgertransaction' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'transaction_id' END;
    sides bigint;
    rest numeric;
BEGIN
    SELECT count(*), coalesce(sum(amount), 0) INTO sides, rest FROM payment_ledgerentry WHERE transaction_id = whole;
    IF sides < 2 OR rest <> 0 THEN
        RAISE EXCEPTION 'Ledger transaction % has % entries and does not balance by %', whole, sides, rest
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payment_ledger_balances AFTER INSERT ON payment_ledgertransaction
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment_ledger_balances();
CREATE CONSTRAINT TRIGGER payment_ledger_balances AFTER INSERT ON payment_ledgerentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment_ledger_balances();
"""
UNDONE = """
DROP TRIGGER payment_ledger_balances ON payment_ledgerentry;
DROP TRIGGER payment_ledger_balances ON payment_ledgertransaction;
DROP FUNCTION payment_ledger_balances();
"""


class Migration(migrations.Migration):
    """Judged as the database transaction ends: every bookkeeping act has two sides or more, and they sum to zero."""

    dependencies = [("payment", "0002_number_sequences")]
    operations = [migrations.RunSQL(BALANCES, UNDONE)]
