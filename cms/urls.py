from django.urls import path

from . import views

urlpatterns = [path("panel/portal/", views.PagesAtWorkView.as_view(), name="pages-at-work")]
