"""Where the finance gateway tells what came of a payment: signed, without a session, in any order, as often as it likes."""

import json
import logging

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt

from marketplace.kernel.failpoints import failpoint
from marketplace.kernel.screens.views import SIGNED, ScreenMixin

from .gateway import Malformed, letter_from
from .services import notice_receive
from .signing import HEADER, is_signed

logger = logging.getLogger(__name__)
LONGEST = 10_000  # bytes


@method_decorator(csrf_exempt, name="dispatch")
class NoticeView(ScreenMixin):
    """200: taken in, now or before. 403: not signed by the gateway. 422: signed, and not believed; a person is shown it."""

    permission = SIGNED
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> JsonResponse:
        if int(request.headers.get("Content-Length") or 0) > LONGEST:
            return answer(413, "too long")
        if not is_signed(request.body, request.headers.get(HEADER, ""), settings.FINANCE_GATEWAY_SECRET):
            logger.warning("a payment notice without the gateway's signature, from %s", request.META.get("REMOTE_ADDR"))
            return answer(403, "not signed by the gateway")
        try:
            letter = letter_from(json.loads(request.body))
        except (Malformed, ValueError) as why:
            return answer(422, f"not readable: {why}")
        is_believed = notice_receive(letter=letter, at=now())
        failpoint("callback.taken_in")
        return answer(200, "") if is_believed else answer(422, "not believed")


def answer(status: int, reason: str) -> JsonResponse:
    return JsonResponse({"reason": reason} if reason else {}, status=status)
