"""Where Oscar looks for its order creator: ours is `services.orders_place`, and nothing else makes an order."""


class OrderCreator:
    def place_order(self, *args, **kwargs):
        raise NotImplementedError("Orders come from an approved requisition: marketplace.shop.order.services.orders_place")
