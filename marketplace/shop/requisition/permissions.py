from marketplace.registry.predicates import acts_as, acts_for_entity, permit, stands_in_for_somebody
from marketplace.registry.roles import Role

permit("requisition.submit_requisition", acts_as(Role.REQUESTER))
permit("requisition.see_requisitions", acts_for_entity)
permit("requisition.decide_requisition", acts_as(Role.APPROVER) | stands_in_for_somebody)
permit("requisition.set_policy", acts_as(Role.ENTITY_ADMINISTRATOR))
permit("requisition.see_budget", acts_as(Role.BUDGET_OFFICER, Role.FINANCE_OFFICER, Role.APPROVER, Role.ORDER_ADMINISTRATOR))
permit("requisition.register_certificate", acts_as(Role.BUDGET_OFFICER))
