from marketplace.registry.predicates import acts_as, permit
from marketplace.registry.roles import Role

permit("communication.see_notices", acts_as(*Role))
