from .predicates import acts_as, is_signed_in, permit
from .roles import Role

permit("registry.use_account", is_signed_in)
permit("registry.manage_team", acts_as(Role.ENTITY_ADMINISTRATOR, Role.SUPPLIER_MANAGER))
permit("registry.delegate", acts_as(Role.APPROVER, Role.ENTITY_ADMINISTRATOR))
permit("registry.manage_entities", acts_as(Role.ADMINISTRATOR, Role.CATALOGUE_OFFICER))
permit("registry.manage_suppliers", acts_as(Role.ADMINISTRATOR, Role.CATALOGUE_OFFICER))
