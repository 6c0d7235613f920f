"""The approval policy of one's own entity, on screen."""

from django import forms
from django.urls import reverse_lazy
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from marketplace.kernel.screens.views import ActionView, RuleFormView, Screen
from marketplace.registry.roles import Role
from marketplace.registry.selectors import team_of

from ..forms import RuleForm
from ..models import ApprovalRule
from ..policy import rule_add, rule_end


class RulesView(Screen):
    """The steps that the entity's needs pass, in their order; those to come as well."""

    permission = "requisition.set_policy"
    template_name = "requisition/rules.html"

    def get_context_data(self, **context):
        rules = ApprovalRule.objects.not_ended(now()).filter(entity=self.membership.entity_id)
        rules = rules.select_related("unit", "person__user", "for_unit", "for_category")
        return super().get_context_data(rules=rules, **context)


class RuleCreateView(RuleFormView):
    """Ask for one more step."""

    permission = "requisition.set_policy"
    form_class = RuleForm
    template_name = "requisition/rule_create.html"
    success_url = reverse_lazy("requisition:rules")

    def get_form_kwargs(self):
        approvers = team_of(self.membership, localdate()).filter(role=Role.APPROVER).order_by("user__sort_key", "pk")
        kwargs = {"units": self.membership.entity.units.all(), "approvers": approvers, "initial": {"valid_from": localdate()}}
        return super().get_form_kwargs() | kwargs

    def act(self, form) -> str:
        rule = rule_add(**form.cleaned_data, actor=self.membership, at=now())
        return _("Step {n} is asked for: {who}. What was sent before goes the way that it began.").format(
            n=rule.position, who=rule.decider_name
        )


class RuleEndView(ActionView):
    """Ask for a step no longer."""

    permission = "requisition.set_policy"
    form_class = forms.Form

    def get_object(self):
        return self.found(ApprovalRule.objects.filter(entity=self.membership.entity_id), id_public=self.kwargs["id_public"])

    def act(self, form) -> str:
        rule_end(rule_id=self.object.pk, actor=self.membership, at=now())
        return _("The step «{who}» is no longer asked for. What was sent before still passes it.").format(
            who=self.object.decider_name
        )

    def get_success_url(self) -> str:
        return str(reverse_lazy("requisition:rules"))
