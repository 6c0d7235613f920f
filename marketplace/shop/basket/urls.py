from django.urls import path

from . import views

urlpatterns = [
    path("compras/carrito/", views.BasketView.as_view(), name="summary"),
    path("compras/carrito/agregar/", views.BasketAddView.as_view(), name="add"),
    path("compras/carrito/<uuid:listing>/cantidad/", views.BasketLineSetView.as_view(), name="line-set"),
    path("compras/carrito/<uuid:listing>/quitar/", views.BasketLineRemoveView.as_view(), name="line-remove"),
]
