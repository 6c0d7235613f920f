from marketplace.registry.predicates import acts_as, permit
from marketplace.registry.roles import Role

permit("catalog_import.import_catalogue", acts_as(Role.SUPPLIER_MANAGER))
permit("catalog_import.decide_proposal", acts_as(Role.CATALOGUE_OFFICER))
permit("catalog_import.edit_mapping", acts_as(Role.CATALOGUE_OFFICER))
