from django.urls import path

from . import views

urlpatterns = [
    path("compras/facturas/", views.EntityInvoicesView.as_view(), name="invoices"),
    path("compras/facturas/<uuid:id_public>/", views.EntityInvoiceView.as_view(), name="invoice"),
    path("compras/facturas/<uuid:id_public>/certificar/", views.InvoiceCertifyView.as_view(), name="invoice-certify"),
    path("compras/facturas/<uuid:id_public>/rechazar/", views.InvoiceRejectView.as_view(), name="invoice-reject"),
    path("proveedor/facturas/", views.SupplierInvoicesView.as_view(), name="supplier-invoices"),
    path("proveedor/facturas/<uuid:id_public>/", views.SupplierInvoiceView.as_view(), name="supplier-invoice"),
    path("proveedor/facturas/<uuid:id_public>/anular/", views.InvoiceAnnulView.as_view(), name="invoice-annul"),
    path("proveedor/ordenes/<str:number>/facturas/crear/", views.InvoiceCreateView.as_view(), name="invoice-create"),
]
