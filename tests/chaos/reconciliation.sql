-- What must agree wherever a purchase stands: each row that comes out is a thing that does not. (what, which)

-- ---------------------------------------------------------------- limited things and their ledger
SELECT 'limit is not the sum of its ledger' AS what, l.id::text AS which
FROM limits_limit l
WHERE l.taken <> (SELECT coalesce(sum(e.quantity), 0) FROM limits_limitentry e WHERE e.limit_id = l.id)

UNION ALL
SELECT 'requisition holds another amount on its certificate than it waits for', r.number
FROM requisition_requisition r JOIN requisition_budgetcertificate c ON c.id = r.certificate_id
WHERE (SELECT coalesce(sum(e.quantity), 0) FROM limits_limitentry e
       WHERE e.limit_id = c.amount_id AND e.cause_type = 'requisition.requisition' AND e.cause_id = r.id)
   <> CASE r.status WHEN 'in_approval' THEN r.gross ELSE 0 END

UNION ALL
SELECT 'order holds another amount on its certificate than it may spend', o.number
FROM order_order o
JOIN requisition_requisition r ON r.id = o.requisition_id
JOIN requisition_budgetcertificate c ON c.id = r.certificate_id
LEFT JOIN payment_liquidation p ON p.order_id = o.id
WHERE o.closed_short_at IS NULL
  AND (SELECT coalesce(sum(e.quantity), 0) FROM limits_limitentry e
       WHERE e.limit_id = c.amount_id AND e.cause_type = 'order.order' AND e.cause_id = o.id)
   <> CASE WHEN o.status IN ('rejected', 'cancelled') THEN 0 ELSE o.total_incl_tax - coalesce(p.released, 0) END

UNION ALL
SELECT 'order holds other stock than it ordered', o.number
FROM order_order o JOIN order_line l ON l.order_id = o.id JOIN partner_stockrecord s ON s.id = l.stockrecord_id
WHERE o.closed_short_at IS NULL
  AND (SELECT coalesce(sum(e.quantity), 0) FROM limits_limitentry e
       WHERE e.limit_id = s.stock_id AND e.cause_type = 'order.order' AND e.cause_id = o.id)
   <> CASE WHEN o.status IN ('rejected', 'cancelled') THEN 0 ELSE l.quantity END

-- ---------------------------------------------------------------- requisition → orders
UNION ALL
SELECT 'orders do not come to what was approved', r.number
FROM requisition_requisition r
WHERE (SELECT coalesce(sum(o.total_incl_tax), 0) FROM order_order o WHERE o.requisition_id = r.id)
   <> CASE r.status WHEN 'approved' THEN r.gross ELSE 0 END

UNION ALL
SELECT 'lines of the orders are not those of the requisition', r.number
FROM requisition_requisition r
WHERE r.status = 'approved'
  AND (SELECT count(*) FROM requisition_requisitionline q WHERE q.requisition_id = r.id AND q.rejected_in_id IS NULL)
   <> (SELECT count(*) FROM order_line l JOIN order_order o ON o.id = l.order_id
       JOIN requisition_requisitionline q ON q.id = l.requisition_line_id
       WHERE o.requisition_id = r.id AND q.requisition_id = r.id AND q.quantity = l.quantity AND q.net = l.line_price_excl_tax)

UNION ALL
SELECT 'order is not the sum of its lines and its VAT', o.number
FROM order_order o
WHERE o.total_excl_tax <> (SELECT coalesce(sum(l.line_price_excl_tax), 0) FROM order_line l WHERE l.order_id = o.id)
   OR o.total_incl_tax - o.total_excl_tax <> (SELECT coalesce(sum(v.amount), 0) FROM order_ordervat v WHERE v.order_id = o.id)

UNION ALL
SELECT 'order that waits for an answer has no alarm', o.number
FROM order_order o
WHERE o.status = 'issued' AND o.answer_until IS NOT NULL
  AND NOT EXISTS (SELECT FROM jobs_job j WHERE j.task LIKE '%.answer_time_ends' AND j.arguments ->> 'order_id' = o.id::text)

-- ---------------------------------------------------------------- deliveries
UNION ALL
SELECT 'accepted units are not those of the acceptance acts', o.number
FROM order_line l JOIN order_order o ON o.id = l.order_id
WHERE l.accepted_quantity <> (
    SELECT coalesce(sum(d.accepted), 0) FROM fulfilment_deliveryline d
    WHERE d.order_line_id = l.id AND NOT EXISTS (SELECT FROM fulfilment_deliveryvoid v WHERE v.delivery_id = d.delivery_id))

UNION ALL
SELECT 'order says that all has come, or that something is owed, and it is not so', o.number
FROM order_order o
WHERE o.status IN ('accepted', 'in_delivery', 'partially_received', 'received', 'liquidated') AND o.closed_short_at IS NULL
  AND (o.status IN ('received', 'liquidated'))
   <> NOT EXISTS (SELECT FROM order_line l WHERE l.order_id = o.id AND l.accepted_quantity < l.quantity)

UNION ALL
SELECT 'acceptance act without a line', d.number
FROM fulfilment_delivery d
WHERE NOT EXISTS (SELECT FROM fulfilment_deliveryline l WHERE l.delivery_id = d.id)

-- ---------------------------------------------------------------- invoices and obligations
UNION ALL
SELECT 'invoice is not the sum of its lines and its VAT', i.number
FROM invoicing_invoice i
WHERE i.net <> (SELECT coalesce(sum(l.net), 0) FROM invoicing_invoiceline l WHERE l.invoice_id = i.id)
   OR i.vat <> (SELECT coalesce(sum(v.amount), 0) FROM invoicing_invoicevat v WHERE v.invoice_id = i.id)

UNION ALL
SELECT 'more is invoiced than was accepted', o.number
FROM order_line l JOIN order_order o ON o.id = l.order_id
WHERE l.accepted_quantity < (
    SELECT coalesce(sum(n.quantity), 0) FROM invoicing_invoiceline n JOIN invoicing_invoice i ON i.id = n.invoice_id
    WHERE n.order_line_id = l.id AND i.status NOT IN ('rejected', 'annulled'))

UNION ALL
SELECT 'obligation without an invoice', b.id::text
FROM invoicing_obligation b
WHERE NOT EXISTS (SELECT FROM invoicing_invoice i WHERE i.obligation_id = b.id)
  AND NOT EXISTS (SELECT FROM payment_liquidation p WHERE p.order_id = b.order_id)

-- ---------------------------------------------------------------- the money
UNION ALL
SELECT 'bookkeeping act does not balance', t.id::text
FROM payment_ledgertransaction t
WHERE (SELECT coalesce(sum(e.amount), 1) FROM payment_ledgerentry e WHERE e.transaction_id = t.id) <> 0

UNION ALL
SELECT 'certified invoices are not what the ledger says is owed, withheld and paid', b.id::text
FROM invoicing_obligation b
WHERE (SELECT coalesce(sum(i.gross), 0) FROM invoicing_invoice i
       WHERE i.obligation_id = b.id AND i.status IN ('certified', 'paid'))
   <> (SELECT coalesce(sum(e.amount), 0) FROM payment_ledgerentry e JOIN payment_ledgertransaction t ON t.id = e.transaction_id
       WHERE t.obligation_id = b.id AND t.kind IN ('invoice_certified', 'invoice_annulled') AND e.account = 'expense')

UNION ALL
SELECT 'what was paid is not what the ledger took from the bank', p.number
FROM payment_paymentorder p
WHERE p.paid <> -(SELECT coalesce(sum(e.amount), 0) FROM payment_ledgerentry e
                  JOIN payment_ledgertransaction t ON t.id = e.transaction_id
                  WHERE t.payment_id = p.id AND e.account = 'bank')
   OR CASE WHEN p.status IN ('refused', 'reversed') THEN 0 ELSE p.penalty END
   <> -(SELECT coalesce(sum(e.amount), 0) FROM payment_ledgerentry e
        JOIN payment_ledgertransaction t ON t.id = e.transaction_id
        WHERE t.payment_id = p.id AND e.account = 'penalty' AND t.kind LIKE 'penalty%')

UNION ALL
SELECT 'invoice and its payment do not agree that it is paid', i.number
FROM invoicing_invoice i
WHERE (i.status = 'paid') <> EXISTS (SELECT FROM payment_paymentorder p WHERE p.invoice_id = i.id AND p.status = 'paid')

UNION ALL
SELECT 'notices that were taken in are not there', p.number
FROM payment_paymentorder p
WHERE p.heard > (SELECT count(*) FROM payment_paymentnotice n WHERE n.payment_id = p.id)

UNION ALL
SELECT 'payment that is to be sent has no job that sends it', p.number
FROM payment_paymentorder p
WHERE p.status = 'prepared'
  AND NOT EXISTS (SELECT FROM jobs_job j WHERE j.task LIKE '%.payment_deliver' AND j.arguments ->> 'payment_id' = p.id::text)
  AND NOT EXISTS (
      SELECT FROM jobs_job j JOIN events_event e ON e.id = (j.arguments ->> 'event')::bigint
      WHERE j.task LIKE '%.payment_prepare' AND e.subject_id = p.id)

UNION ALL
SELECT 'order and its liquidation act do not agree', o.number
FROM order_order o
WHERE (o.status = 'liquidated') <> EXISTS (SELECT FROM payment_liquidation p WHERE p.order_id = o.id)

-- ---------------------------------------------------------------- what was told
UNION ALL
SELECT 'happened, and was not told once: ' || known.kind, known.subject
FROM (
    SELECT 'requisition.approved' AS kind, 'requisition.requisition' AS type, id, number AS subject
    FROM requisition_requisition WHERE status = 'approved'
    UNION ALL SELECT 'order.issued', 'order.order', id, number FROM order_order
    UNION ALL SELECT 'delivery.recorded', 'fulfilment.delivery', id, number FROM fulfilment_delivery
    UNION ALL SELECT 'invoice.registered', 'invoicing.invoice', id, number FROM invoicing_invoice
    UNION ALL SELECT 'invoice.certified', 'invoicing.invoice', id, number FROM invoicing_invoice WHERE certified_at IS NOT NULL
    UNION ALL SELECT 'payment.ordered', 'payment.paymentorder', id, number FROM payment_paymentorder
    UNION ALL SELECT 'order.liquidated', 'order.order', order_id, number FROM payment_liquidation
) known
WHERE (SELECT count(*) FROM events_event e
       WHERE e.kind = known.kind AND e.subject_type = known.type AND e.subject_id = known.id) <> 1

UNION ALL
SELECT 'supplier was not told of its order', o.number
FROM order_order o JOIN events_event e ON e.kind = 'order.issued' AND e.subject_type = 'order.order' AND e.subject_id = o.id
WHERE EXISTS (SELECT FROM registry_membership m WHERE m.supplier_id = o.supplier_id AND m.valid_from <= e.at::date)
  AND NOT EXISTS (SELECT FROM communication_notice n WHERE n.event_id = e.id)
  AND NOT EXISTS (SELECT FROM jobs_job j WHERE j.task LIKE '%.notices_tell' AND j.arguments ->> 'event' = e.id::text)

UNION ALL
SELECT 'notice of something that never happened', n.id::text
FROM communication_notice n
WHERE NOT EXISTS (SELECT FROM events_event e WHERE e.id = n.event_id)

UNION ALL
SELECT 'job of something that never happened', j.id::text
FROM jobs_job j
WHERE j.arguments ? 'event' AND NOT EXISTS (SELECT FROM events_event e WHERE e.id = (j.arguments ->> 'event')::bigint)

UNION ALL
SELECT 'job was given up', j.task
FROM jobs_job j WHERE j.dead_at IS NOT NULL
