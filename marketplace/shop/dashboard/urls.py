from django.urls import path

from . import views

urlpatterns = [
    path("compras/", views.PurchasesDoorView.as_view(), name="purchases"),
    path("proveedor/", views.SupplierDoorView.as_view(), name="supplier"),
    path("panel/", views.OfficeDoorView.as_view(), name="office"),
    path("panel/estilos/", views.StylePageView.as_view(), name="style-page"),
    path("apariencia/", views.AppearanceView.as_view(), name="appearance"),
]
