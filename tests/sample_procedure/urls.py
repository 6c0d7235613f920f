from django.http import HttpResponse
from django.urls import path

from marketplace.kernel.screens.views import PUBLIC, ScreenMixin


class ProceduresView(ScreenMixin):
    permission = PUBLIC

    def get(self, request):
        return HttpResponse("a sample")


urlpatterns = [path("", ProceduresView.as_view(), name="procedures")]
