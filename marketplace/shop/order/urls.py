from django.urls import path

from . import views

urlpatterns = [
    path("compras/ordenes/", views.EntityOrdersView.as_view(), name="orders"),
    path("compras/ordenes/<str:number>/", views.EntityOrderView.as_view(), name="order"),
    path("compras/ordenes/<str:number>/pdf/", views.EntityOrderPdfView.as_view(), name="order-pdf"),
    path("compras/ordenes/<str:number>/anular/", views.OrderCancelView.as_view(), name="order-cancel"),
    path("proveedor/ordenes/", views.SupplierOrdersView.as_view(), name="supplier-orders"),
    path("proveedor/ordenes/<str:number>/", views.SupplierOrderView.as_view(), name="supplier-order"),
    path("proveedor/ordenes/<str:number>/pdf/", views.SupplierOrderPdfView.as_view(), name="supplier-order-pdf"),
    path("proveedor/ordenes/<str:number>/aceptar/", views.OrderAcceptView.as_view(), name="order-accept"),
    path("proveedor/ordenes/<str:number>/rechazar/", views.OrderRejectView.as_view(), name="order-reject"),
    path("verificar/", views.VerificationDoorView.as_view(), name="verification-door"),
    path("verificar/<str:code>/", views.VerificationView.as_view(), name="verification"),
]
