from marketplace.registry.predicates import acts_as, acts_for_entity, acts_for_supplier, permit
from marketplace.registry.roles import Role

permit("fulfilment.see_receptions", acts_as(Role.RECEIVER, Role.ORDER_ADMINISTRATOR))
permit("fulfilment.record_delivery", acts_as(Role.RECEIVER, Role.ORDER_ADMINISTRATOR))
permit("fulfilment.close_order", acts_as(Role.ORDER_ADMINISTRATOR))
permit("fulfilment.void_delivery", acts_as(Role.ORDER_ADMINISTRATOR))
permit("fulfilment.see_entity_deliveries", acts_for_entity)
permit("fulfilment.see_supplier_deliveries", acts_for_supplier)
permit("fulfilment.dispatch_order", acts_as(Role.SUPPLIER_MANAGER))
