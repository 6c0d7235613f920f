from django.urls import path

from . import views

urlpatterns = [
    path("proveedor/ofertas/", views.ListingsView.as_view(), name="listings"),
    path("proveedor/ofertas/editar/", views.ListingsEditView.as_view(), name="listings-edit"),
    path("proveedor/ofertas/<uuid:id_public>/", views.ListingView.as_view(), name="listing"),
    path("proveedor/ofertas/<uuid:id_public>/condiciones/", views.ListingTermsView.as_view(), name="listing-terms"),
    path("proveedor/ofertas/<uuid:id_public>/retirar/", views.ListingWithdrawView.as_view(), name="listing-withdraw"),
    path("proveedor/ofertas/<uuid:id_public>/publicar/", views.ListingPublishView.as_view(), name="listing-publish"),
]
