from marketplace.registry.predicates import acts_as, permit
from marketplace.registry.roles import Role

permit("basket.use_basket", acts_as(Role.REQUESTER))
