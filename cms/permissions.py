from marketplace.registry.predicates import acts_as, permit
from marketplace.registry.roles import Role

permit("wagtailadmin.access_admin", acts_as(Role.EDITOR, Role.LEGAL_REVIEWER, Role.ADMINISTRATOR))
permit("cms.moderate_pages", acts_as(Role.LEGAL_REVIEWER, Role.ADMINISTRATOR))
permit("cms.change_helptext", acts_as(Role.EDITOR, Role.LEGAL_REVIEWER, Role.ADMINISTRATOR))
permit("cms.publish_helptext", acts_as(Role.EDITOR, Role.LEGAL_REVIEWER, Role.ADMINISTRATOR))
