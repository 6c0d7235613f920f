from django.urls import path

from . import views

urlpatterns = [
    path("compras/por-recibir/", views.ReceptionsView.as_view(), name="receptions"),
    path("compras/ordenes/<str:number>/recibir/", views.DeliveryCreateView.as_view(), name="delivery-create"),
    path("compras/ordenes/<str:number>/cerrar/", views.OrderCloseShortView.as_view(), name="order-close-short"),
    path("compras/actas/<str:number>/", views.EntityDeliveryView.as_view(), name="delivery"),
    path("compras/actas/<str:number>/pdf/", views.EntityDeliveryPdfView.as_view(), name="delivery-pdf"),
    path("compras/actas/<str:number>/foto/<int:n>/", views.EntityPhotographView.as_view(), name="photograph"),
    path("compras/actas/<str:number>/anular/", views.DeliveryVoidView.as_view(), name="delivery-void"),
    path("proveedor/ordenes/<str:number>/despachar/", views.OrderDispatchView.as_view(), name="order-dispatch"),
    path("proveedor/actas/<str:number>/", views.SupplierDeliveryView.as_view(), name="supplier-delivery"),
    path("proveedor/actas/<str:number>/pdf/", views.SupplierDeliveryPdfView.as_view(), name="supplier-delivery-pdf"),
    path("proveedor/actas/<str:number>/foto/<int:n>/", views.SupplierPhotographView.as_view(), name="supplier-photograph"),
    path("verificar/acta/<str:code>/", views.VerificationView.as_view(), name="verification"),
]
