from marketplace.registry.predicates import acts_as, permit
from marketplace.registry.roles import Role

permit("partner.manage_listings", acts_as(Role.SUPPLIER_MANAGER))
