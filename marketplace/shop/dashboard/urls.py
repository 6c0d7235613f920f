from django.urls import path

from . import views

urlpatterns = [
    path("compras/", views.PurchasesTodayView.as_view(), name="purchases"),
    path("proveedor/", views.SupplierTodayView.as_view(), name="supplier"),
    path("panel/", views.OfficeTodayView.as_view(), name="office"),
    path("panel/estilos/", views.StylePageView.as_view(), name="style-page"),
    path("apariencia/", views.AppearanceView.as_view(), name="appearance"),
]
