"""Each request carries the strategy that says which offers there are."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .strategy import Selector


class StrategyMiddleware:
    """Oscar's pages ask `request.strategy`; the cart is loaded by the pages that show it, not here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.selector = Selector()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.strategy = self.selector.strategy(request=request)
        return self.get_response(request)
