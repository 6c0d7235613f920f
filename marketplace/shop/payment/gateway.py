"""The port to the entity's finance system, and its adapter over HTTP. What goes out and comes in is signed JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from uuid import UUID

import pybreaker
import requests
from django.conf import settings

from .models import PaymentNotice
from .signing import HEADER, signature_of

REFUSES = {400, 409, 422}
FAILURES_UNTIL_OPEN, OPEN_FOR = 3, 20  # then nobody waits for a dead gateway, and it is tried again after so many seconds


class GatewayTrouble(Exception):
    """Dead, slow, or not making sense: the request is kept and sent again."""


class GatewayRefusal(Exception):
    """The gateway has understood the request and will not do it."""


class Malformed(Exception):
    """A notice that cannot be read."""


@dataclass(frozen=True)
class PaymentRequest:
    """`key`: the same for every attempt, so that the gateway pays once."""

    key: UUID
    number: str
    amount: Decimal
    entity_ruc: str
    supplier_ruc: str
    invoice_number: str

    def body(self) -> bytes:
        written = {name: str(getattr(self, name)) for name in self.__dataclass_fields__}
        return json.dumps(written | {"currency": settings.CURRENCY}).encode()


@dataclass(frozen=True)
class Notice:
    """What the gateway says of a payment. `sequence`: 1, 2, 3 … of this payment. `amount`: USD paid or reversed, else 0."""

    sequence: int
    kind: str
    amount: Decimal = Decimal("0.00")
    scheduled_for: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Letter:
    """A notice and the payment that it names."""

    key: UUID
    notice: Notice
    body: dict[str, Any]


def letter_from(body: dict[str, Any]) -> Letter:
    """Read a notice. Raises Malformed."""
    try:
        scheduled_for = body.get("scheduled_for")
        notice = Notice(
            sequence=int(body["sequence"]),
            kind=PaymentNotice.Kind(body["kind"]).value,
            amount=_amount(body),
            scheduled_for=date.fromisoformat(scheduled_for) if scheduled_for else None,
            reason=str(body.get("reason", ""))[:300],
        )
        return Letter(UUID(str(body["key"])), notice, body)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as why:
        raise Malformed(str(why)) from why


def _amount(body: dict[str, Any]) -> Decimal:
    """Dollars and cents as a text; a float, a NaN or another currency is refused."""
    written = body.get("amount", "0.00")
    amount = Decimal(written) if isinstance(written, str) else None
    if amount is None or not amount.is_finite() or amount < 0 or amount != round(amount, 2):
        raise ValueError(f"amount {written!r}")
    if body.get("currency", settings.CURRENCY) != settings.CURRENCY:
        raise ValueError(f"currency {body['currency']!r}")
    if (amount > 0) != (body["kind"] in {"paid", "reversed"}) or not 0 < int(body["sequence"]) < 10_000:
        raise ValueError("an amount or a sequence that cannot be")
    return amount


class FinanceGateway(Protocol):
    def send(self, request: PaymentRequest) -> str:
        """Ask for a payment; the gateway's reference of it. Raises GatewayTrouble, GatewayRefusal."""

    def letters_about(self, key: UUID) -> Iterable[Letter]:
        """All that the gateway has to say of a payment, for notices that never arrived. Raises GatewayTrouble."""


breaker = pybreaker.CircuitBreaker(
    fail_max=FAILURES_UNTIL_OPEN, reset_timeout=OPEN_FOR, exclude=[GatewayRefusal], throw_new_error_on_trip=False
)


@dataclass(frozen=True)
class HttpGateway:
    """`url`: where its paths begin. `timeout`: seconds for connecting, and again for answering."""

    url: str
    secret: str
    timeout: float

    def send(self, request: PaymentRequest) -> str:
        answer = self._asked("POST", "payments", request.body())
        reference = answer.get("reference")
        if not isinstance(reference, str) or not reference:
            raise GatewayTrouble("no reference")
        return reference[:80]

    def letters_about(self, key: UUID) -> list[Letter]:
        answer = self._asked("GET", f"payments/{key}", b"")
        try:
            return [letter_from(body) for body in answer["notices"]]
        except (KeyError, TypeError, Malformed) as why:
            raise GatewayTrouble(f"not readable: {why}") from why

    def _asked(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        try:
            return breaker.call(self._ask, method, path, body)
        except pybreaker.CircuitBreakerError as opened:
            raise GatewayTrouble("it did not answer lately and is left alone for a while") from opened

    def _ask(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        signed = {"Content-Type": "application/json", HEADER: signature_of(body or path.encode(), self.secret)}
        address = f"{self.url.rstrip('/')}/{path}"
        try:
            answer = requests.request(method, address, data=body, headers=signed, timeout=self.timeout, allow_redirects=False)
            content = answer.json()
        except (requests.RequestException, ValueError) as trouble:
            raise GatewayTrouble(f"{type(trouble).__name__} at {self.url}") from trouble
        if answer.status_code in REFUSES:
            raise GatewayRefusal(str(content.get("reason", answer.status_code))[:300])
        if answer.status_code not in {200, 201, 202} or not isinstance(content, dict):
            raise GatewayTrouble(f"HTTP {answer.status_code} at {self.url}")
        return content


class NoGateway:
    """None is configured: what is to be sent waits."""

    def send(self, request: PaymentRequest) -> str:
        raise GatewayTrouble("no finance gateway is configured (FINANCE_GATEWAY_URL)")

    def letters_about(self, key: UUID) -> Iterable[Letter]:
        return ()


def gateway() -> FinanceGateway:
    """The one that is configured."""
    if not settings.FINANCE_GATEWAY_URL:
        return NoGateway()
    return HttpGateway(settings.FINANCE_GATEWAY_URL, settings.FINANCE_GATEWAY_SECRET, settings.FINANCE_GATEWAY_TIMEOUT)
