"""The doors of the three areas, the page of all components, and the choice of appearance."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.generic import FormView

from marketplace.kernel.plugins import entries_for
from marketplace.kernel.screens.views import PUBLIC, Screen, ScreenMixin

from .forms import AppearanceForm
from .samples import samples

A_YEAR = 365 * 24 * 3600


class DoorView(Screen):
    """Leads to the first page of an area that this person may use; to whom nothing is open there, it says so."""

    template_name = "dashboard/door.html"
    area: str

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        target = self.first_page()
        return redirect(target) if target else super().get(request, *args, **kwargs)

    def first_page(self) -> str:
        for entry in entries_for(self.request.user, self.area):
            try:
                return reverse(entry.url_name)
            except NoReverseMatch:
                continue
        return ""


class PurchasesDoorView(DoorView):
    permission = "dashboard.enter_purchases"
    area = "purchases"


class SupplierDoorView(DoorView):
    permission = "dashboard.enter_supplier"
    area = "supplier"


class OfficeDoorView(DoorView):
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
