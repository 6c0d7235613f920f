"""The pages for what went wrong: what happened, what is safe, what to do. That of a failure of ours needs no database."""

import logging
import sys
from secrets import token_hex

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from marketplace.kernel.screens.views import page_of
from marketplace.kernel.trouble import Trouble, trouble_of
from marketplace.registry.predicates import roles_with

logger = logging.getLogger(__name__)

RETRY_AFTER = {Trouble.AWAY: 5, Trouble.FULL: 600}  # seconds


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return HttpResponse(get_template("413.html").render(), status=413)
    return HttpResponse(get_template("400.html").render(), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`exception`: its text is the permission that was missing (`kernel.screens`)."""
    return render(request, "403.html", {"roles": roles_with(str(exception))}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def form_from_elsewhere(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: the page stood open too long, or cookies are off."""
    return render(request, "403_csrf.html", {"page": page_of(request)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The number on the page stands in the log beside the failure. Trouble of the machine has words of its own."""
    trouble = trouble_of(sys.exception())
    if trouble:
        return out_of_order(request, trouble)
    number = f"{token_hex(2)}-{token_hex(2)}"
    logger.error("failure %s: %s %s", number, request.method, request.path)
    return HttpResponse(get_template("500.html").render({"number": number}), status=500)


def out_of_order(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The database is away, or a disk is full: what to do depends on which. It asks the database nothing."""
    logger.error("trouble %s: %s %s", trouble, request.method, request.path)
    values = {"is_full": trouble is Trouble.FULL, "page": request.get_full_path() if request.method == "GET" else ""}
    return HttpResponse(get_template("503.html").render(values), status=503, headers={"Retry-After": RETRY_AFTER[trouble]})
