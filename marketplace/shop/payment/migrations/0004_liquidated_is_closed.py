from django.db import migrations

# how each table leads to its order: the table, and the query that finds the order of one of its rows
LEADS = {
    "order_line": "SELECT ($1 ->> 'order_id')::bigint",
    "order_ordervat": "SELECT ($1 ->> 'order_id')::bigint",
    "fulfilment_dispatch": "SELECT ($1 ->> 'order_id')::bigint",
    "fulfilment_delivery": "SELECT ($1 ->> 'order_id')::bigint",
    "fulfilment_deliveryline": "SELECT order_id FROM fulfilment_delivery WHERE id = ($1 ->> 'delivery_id')::bigint",
    "fulfilment_deliveryvoid": "SELECT order_id FROM fulfilment_delivery WHERE id = ($1 ->> 'delivery_id')::bigint",
    "invoicing_obligation": "SELECT ($1 ->> 'order_id')::bigint",
    "invoicing_invoice": "SELECT order_id FROM invoicing_obligation WHERE id = ($1 ->> 'obligation_id')::bigint",
    "invoicing_invoiceline": (
        "SELECT o.order_id FROM invoicing_invoice i JOIN invoicing_obligation o ON o.id = i.obligation_id"
        " WHERE i.id = ($1 ->> 'invoice_id')::bigint"
    ),
    "payment_paymentorder": (
        "SELECT o.order_id FROM invoicing_invoice i JOIN invoicing_obligation o ON o.id = i.obligation_id"
        " WHERE i.id = ($1 ->> 'invoice_id')::bigint"
    ),
    "payment_ledgertransaction": "SELECT order_id FROM invoicing_obligation WHERE id = ($1 ->> 'obligation_id')::bigint",
}
FUNCTIONS = """
CREATE FUNCTION payment_refuse_when_liquidated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    image jsonb;
    whose bigint;
BEGIN
    FOREACH image IN ARRAY ARRAY[to_jsonb(OLD), to_jsonb(NEW)] LOOP
        CONTINUE WHEN image IS NULL;
        EXECUTE TG_ARGV[0] INTO whose USING image;
        IF EXISTS (SELECT FROM order_order WHERE id = whose AND status = 'liquidated') THEN
            RAISE EXCEPTION 'The order is liquidated: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION payment_liquidated_order_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Order % is liquidated: % is refused', OLD.number, TG_OP USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payment_liquidated_order_is_closed BEFORE UPDATE OR DELETE ON order_order
FOR EACH ROW WHEN (OLD.status = 'liquidated') EXECUTE FUNCTION payment_liquidated_order_is_closed();
"""
UNDONE = """
DROP TRIGGER payment_liquidated_order_is_closed ON order_order;
DROP FUNCTION payment_liquidated_order_is_closed();
DROP FUNCTION payment_refuse_when_liquidated();
"""


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Migration(migrations.Migration):
    """A liquidated order and all that hangs on it stand as they are, whoever writes."""

    dependencies = [("payment", "0003_ledger_balances"), ("order", "0027_states_hold"), ("fulfilment", "0002_number_sequence")]
    operations = [
        migrations.RunSQL(FUNCTIONS, UNDONE),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER payment_closed BEFORE INSERT OR UPDATE OR DELETE ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION payment_refuse_when_liquidated({quoted(lead)})",
                f"DROP TRIGGER payment_closed ON {table}",
            )
            for table, lead in LEADS.items()
        ),
    ]
