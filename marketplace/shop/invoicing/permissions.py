from marketplace.registry.predicates import acts_as, acts_for_supplier, permit
from marketplace.registry.roles import Role

READERS = (Role.FINANCE_OFFICER, Role.BUDGET_OFFICER, Role.ORDER_ADMINISTRATOR, Role.APPROVER)

permit("invoicing.see_entity_invoices", acts_as(*READERS))
permit("invoicing.see_supplier_invoices", acts_for_supplier)
permit("invoicing.register_invoice", acts_as(Role.SUPPLIER_MANAGER))
permit("invoicing.certify_invoice", acts_as(Role.FINANCE_OFFICER))
