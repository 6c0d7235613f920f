"""«Today» of the three areas, the page of all components, and the choice of appearance."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.generic import FormView

from marketplace.kernel.plugins import NavigationEntry, entries_for
from marketplace.kernel.screens.tasks import waiting_for
from marketplace.kernel.screens.views import PUBLIC, Screen, ScreenMixin

from .forms import AppearanceForm
from .samples import samples

A_YEAR = 365 * 24 * 3600


class TodayView(Screen):
    """What waits for this person in an area, the most urgent first. Here begins the work of each role.

    To whom nothing is open in the area, it says so.
    """

    template_name = "dashboard/today.html"
    area: str
    layout = "layouts/office.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        waiting = waiting_for(self.request.user, self.area, self.membership, now())
        return super().get_context_data(
            layout=self.layout,
            wrong=[each for each in waiting if each.task.is_wrong],
            to_do=[each for each in waiting if not each.task.is_wrong],
            ways_on=self.ways_on(),
            **context,
        )

    def ways_on(self) -> list[NavigationEntry]:
        """The pages of the area that this person may use, without this one."""
        here = self.request.resolver_match.view_name if self.request.resolver_match else ""
        return [entry for entry in entries_for(self.request.user, self.area) if entry.url_name != here]


class PurchasesTodayView(TodayView):
    permission = "dashboard.enter_purchases"
    area = "purchases"
    layout = "layouts/shop.html"


class SupplierTodayView(TodayView):
    permission = "dashboard.enter_supplier"
    area = "supplier"


class OfficeTodayView(TodayView):
    permission = "dashboard.enter_office"
    area = "office"


class StylePageView(Screen):
    """Every component with its variants, so that they can be looked at and measured in one place."""

    permission = "dashboard.see_style_page"
    template_name = "dashboard/style_page.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        is_compact = self.request.GET.get("density") != "comfortable"
        return super().get_context_data(**context) | samples() | {"is_compact": is_compact}


class AppearanceView(ScreenMixin, FormView):
    """Light or dark, and how much contrast: kept in this browser, for a year."""

    permission = PUBLIC
    template_name = "dashboard/appearance.html"
    form_class = AppearanceForm

    def get_initial(self) -> dict[str, Any]:
        return {name: self.request.COOKIES.get(name, "") for name in AppearanceForm.base_fields}

    def form_valid(self, form: AppearanceForm) -> HttpResponse:
        response = redirect("dashboard:appearance")
        for name, choice in form.cleaned_data.items():
            response.set_cookie(name, choice, max_age=A_YEAR, samesite="Lax", secure=self.request.is_secure(), httponly=True)
        return response
