from django.urls import path

from . import callback, views

urlpatterns = [
    path("compras/pagos/", views.PaymentsView.as_view(), name="payments"),
    path("compras/pagos/<str:number>/", views.PaymentView.as_view(), name="payment"),
    path("compras/pagos/<str:number>/reenviar/", views.PaymentRetryView.as_view(), name="payment-retry"),
    path("compras/facturas/<uuid:id_public>/pagar/", views.PaymentOrderView.as_view(), name="payment-order"),
    path("compras/ordenes/<str:number>/liquidacion/", views.EntityLiquidationView.as_view(), name="liquidation"),
    path("compras/ordenes/<str:number>/liquidacion/pdf/", views.EntityLiquidationPdfView.as_view(), name="liquidation-pdf"),
    path("compras/ordenes/<str:number>/liquidacion/crear/", views.OrderLiquidateView.as_view(), name="order-liquidate"),
    path("proveedor/ordenes/<str:number>/liquidacion/", views.SupplierLiquidationView.as_view(), name="supplier-liquidation"),
    path(
        "proveedor/ordenes/<str:number>/liquidacion/pdf/",
        views.SupplierLiquidationPdfView.as_view(),
        name="supplier-liquidation-pdf",
    ),
    path("pasarela/avisos/", callback.NoticeView.as_view(), name="notices"),
]
