from django.urls import path

from .views import cart, lists, quick, refill

LIST = "compras/listas/<uuid:id_public>/"
LISTED = LIST + "<uuid:listing>/"

urlpatterns = [
    path("compras/carrito/", cart.BasketView.as_view(), name="summary"),
    path("compras/carrito/agregar/", cart.BasketAddView.as_view(), name="add"),
    path("compras/carrito/apartar/", lists.CartParkView.as_view(), name="cart-park"),
    path("compras/carrito/<uuid:listing>/cantidad/", cart.BasketLineSetView.as_view(), name="line-set"),
    path("compras/carrito/<uuid:listing>/quitar/", cart.BasketLineRemoveView.as_view(), name="line-remove"),
    path("compras/pedido-rapido/", quick.QuickOrderView.as_view(), name="quick-order"),
    path("compras/pedido-rapido/lineas/", quick.QuickOrderActView.as_view(), name="quick-order-act"),
    path("compras/pedido-rapido/ejemplo/", quick.QuickOrderSampleView.as_view(), name="quick-order-sample"),
    path("compras/listas/", lists.ListsView.as_view(), name="lists"),
    path("compras/listas/crear/", lists.ListCreateView.as_view(), name="list-create"),
    path(LIST, lists.ListView.as_view(), name="list"),
    path(LIST + "al-carrito/", refill.ListRefillView.as_view(), name="list-refill"),
    path(LIST + "carrito/", lists.ListAddCartView.as_view(), name="list-add-cart"),
    path(LIST + "unir/", lists.ListMergeView.as_view(), name="list-merge"),
    path(LIST + "cerrar/", lists.ListCloseView.as_view(), name="list-close"),
    path(LISTED + "cantidad/", lists.ListLineSetView.as_view(), name="list-line-set"),
    path(LISTED + "quitar/", lists.ListLineRemoveView.as_view(), name="list-line-remove"),
    path("compras/ordenes/<str:number>/repetir/", refill.OrderRefillView.as_view(), name="order-refill"),
    path("compras/requisiciones/<str:number>/repetir/", refill.RequisitionRefillView.as_view(), name="requisition-refill"),
    path(
        "compras/requisiciones/<str:number>/rechazadas-al-carrito/",
        refill.RejectedRefillView.as_view(),
        name="requisition-rejected-refill",
    ),
]
