from marketplace.registry.predicates import acts_as, acts_for_entity, acts_for_supplier, permit
from marketplace.registry.roles import Role
from marketplace.shop.invoicing.permissions import READERS

permit("payment.see_payments", acts_as(*READERS))
permit("payment.order_payment", acts_as(Role.FINANCE_OFFICER))
permit("payment.liquidate_order", acts_as(Role.ORDER_ADMINISTRATOR, Role.FINANCE_OFFICER))
permit("payment.see_entity_liquidation", acts_for_entity)
permit("payment.see_supplier_liquidation", acts_for_supplier)
