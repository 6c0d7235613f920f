from django.urls import path

from .views import cart

urlpatterns = [
    path("compras/carrito/", cart.BasketView.as_view(), name="summary"),
    path("compras/carrito/agregar/", cart.BasketAddView.as_view(), name="add"),
    path("compras/carrito/<uuid:listing>/cantidad/", cart.BasketLineSetView.as_view(), name="line-set"),
    path("compras/carrito/<uuid:listing>/quitar/", cart.BasketLineRemoveView.as_view(), name="line-remove"),
]
