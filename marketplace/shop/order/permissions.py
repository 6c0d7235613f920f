from marketplace.registry.predicates import acts_as, acts_for_entity, acts_for_supplier, permit
from marketplace.registry.roles import Role

permit("order.see_entity_orders", acts_for_entity)
permit("order.see_supplier_orders", acts_for_supplier)
permit("order.answer_order", acts_as(Role.SUPPLIER_MANAGER))
permit("order.cancel_order", acts_as(Role.ORDER_ADMINISTRATOR))
permit("order.follow_rejected_orders", acts_as(Role.REQUESTER, Role.ORDER_ADMINISTRATOR))
permit("order.await_goods", acts_as(Role.RECEIVER, Role.ORDER_ADMINISTRATOR))
