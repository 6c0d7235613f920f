from marketplace.registry.predicates import acts_as, permit
from marketplace.registry.roles import Role

permit("framework_agreements.edit_agreement", acts_as(Role.CATALOGUE_OFFICER))
permit(
    "framework_agreements.see_agreements",
    acts_as(Role.CATALOGUE_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR, Role.LEGAL_REVIEWER),
)
