from django.urls import path

from . import views

urlpatterns = [
    path("catalogo/", views.CatalogueLandingView.as_view(), name="landing"),
    path("catalogo/buscar/", views.ResultListView.as_view(), name="results"),
    path("catalogo/entrega/", views.DeliveryView.as_view(), name="delivery"),
    path("catalogo/c/<slug:slug>/", views.CategoryDetailView.as_view(), name="category"),
]
