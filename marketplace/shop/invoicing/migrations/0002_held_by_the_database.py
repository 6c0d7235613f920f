from django.db import migrations

FIXED = """
CREATE FUNCTION invoicing_invoice_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['status', 'status_at', 'certified_by_id', 'certifier_id', 'certified_at', 'reason'];
BEGIN
    IF to_jsonb(OLD) - may_change IS DISTINCT FROM to_jsonb(NEW) - may_change THEN
        RAISE EXCEPTION 'Invoice % is never edited', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.certifier_id IS DISTINCT FROM OLD.certifier_id AND EXISTS (
        SELECT FROM fulfilment_delivery d JOIN invoicing_obligation o ON o.order_id = d.order_id
        WHERE o.id = NEW.obligation_id AND d.receiver_id = NEW.certifier_id
    ) THEN
        RAISE EXCEPTION 'Whoever received the goods does not certify invoice %', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoicing_invoice_is_fixed BEFORE UPDATE ON invoicing_invoice
FOR EACH ROW EXECUTE FUNCTION invoicing_invoice_is_fixed();
"""
WITHIN_ACCEPTED = """
CREATE FUNCTION invoicing_within_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line bigint := CASE TG_TABLE_NAME WHEN 'order_line' THEN (to_jsonb(NEW) ->> 'id') ELSE (to_jsonb(NEW) ->> 'order_line_id') END;
    invoiced bigint;
    accepted bigint;
BEGIN
    SELECT accepted_quantity INTO accepted FROM order_line WHERE id = line;
    SELECT coalesce(sum(l.quantity), 0) INTO invoiced
    FROM invoicing_invoiceline l JOIN invoicing_invoice i ON i.id = l.invoice_id
    WHERE l.order_line_id = line AND i.status NOT IN ('rejected', 'annulled');
    IF invoiced > accepted THEN
        RAISE EXCEPTION 'Order line %: % invoiced of % accepted', line, invoiced, accepted USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invoicing_within_accepted AFTER INSERT ON invoicing_invoiceline
FOR EACH ROW EXECUTE FUNCTION invoicing_within_accepted();
CREATE TRIGGER invoicing_within_accepted AFTER UPDATE OF accepted_quantity ON order_line
FOR EACH ROW WHEN (NEW.accepted_quantity < OLD.accepted_quantity) EXECUTE FUNCTION invoicing_within_accepted();
"""


class Migration(migrations.Migration):
    """Invoices are never edited, nobody certifies what they received, and nobody invoices more than was accepted."""

    dependencies = [("invoicing", "0001_initial"), ("fulfilment", "0002_number_sequence")]
    operations = [
        migrations.RunSQL(
            FIXED,
            "DROP TRIGGER invoicing_invoice_is_fixed ON invoicing_invoice; DROP FUNCTION invoicing_invoice_is_fixed()",
        ),
        migrations.RunSQL(
            WITHIN_ACCEPTED,
            "DROP TRIGGER invoicing_within_accepted ON invoicing_invoiceline;"
            "DROP TRIGGER invoicing_within_accepted ON order_line; DROP FUNCTION invoicing_within_accepted()",
        ),
    ]
