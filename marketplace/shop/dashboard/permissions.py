from marketplace.registry.predicates import acts_as, acts_for_entity, acts_for_supplier, permit
from marketplace.registry.roles import AUTHORITY_ROLES, Role

permit("dashboard.enter_purchases", acts_for_entity)
permit("dashboard.enter_supplier", acts_for_supplier)
permit("dashboard.enter_office", acts_as(*AUTHORITY_ROLES))
permit("dashboard.see_style_page", acts_as(Role.ADMINISTRATOR, Role.EDITOR, Role.CATALOGUE_OFFICER))
