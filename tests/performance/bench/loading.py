"""The load generator: a few clients in a closed loop over kept connections, by `http.client`; it uses the same processors."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import cycle
from statistics import median
from urllib.parse import urlencode

from .machine import Site

CLIENTS = 4
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    location: str = ""


@dataclass(frozen=True)
class Ask:
    """A request, and the fact that its answer must hold, so many `times` or more: the body or, with `status` 302, the address."""

    path: str
    fact: str = ""
    form: dict[str, str] | None = None
    status: int = 200
    times: int = 1

    def check(self, answer: Answer) -> None:
        told = answer.location if self.status in {302, 303} else answer.body.decode()
        if answer.status != self.status or told.count(self.fact) < self.times:
            wanted = f"{self.status} with {self.times} «{self.fact}»"
            raise WrongAnswer(f"{self.path} answered {answer.status} {answer.location}; expected {wanted}")


class WrongAnswer(Exception):
    """A fast wrong page is no page."""


@dataclass
class Visitor:
    """One client: a connection, its cookies, and the token for its forms."""

    site: Site
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    connection: HTTPConnection | None = None

    def ask(self, request: Ask) -> Answer:
        answer = self.send("GET" if request.form is None else "POST", request.path, request.form)
        request.check(answer)
        return answer

    def send(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body, headers = urlencode(form | ({"csrfmiddlewaretoken": self.token} if self.token else {})), headers | FORM
        self.connection = self.connection or HTTPConnection(self.site.host, self.site.port, timeout=60)
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, response.read(), response.headers.get("Location", ""))

    def read_token(self, path: str) -> None:
        found = TOKEN.search(self.send("GET", path).body.decode())
        if not found:
            raise WrongAnswer(f"{path} has no form.")
        self.token = found.group(1)

    def sign_in(self, email: str, password: str) -> "Visitor":
        self.read_token("/cuenta/ingresar/")
        answer = self.send("POST", "/cuenta/ingresar/", {"login": email, "password": password})
        if answer.status != 302:
            raise WrongAnswer(f"{email} could not sign in: {answer.status}")
        return self


@dataclass(frozen=True)
class Load:
    """`rate`: answers per second; `p50`: seconds; `answers`: how many."""

    rate: float
    p50: float
    answers: int


def load(visitors: list[Visitor], requests: Callable[[int], Iterator[Ask]], *, seconds: float) -> Load:
    """Each visitor asks one thing after another for so long. `requests`: what the visitor of this number asks for."""
    times: list[list[float]] = [[] for _ in visitors]
    troubles: list[Exception] = []
    began = time.perf_counter()

    def visit(number: int, visitor: Visitor) -> None:
        try:
            for request in requests(number):
                start = time.perf_counter()
                if start - began > seconds or troubles:
                    return
                visitor.ask(request)
                times[number].append(time.perf_counter() - start)
        except Exception as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=visit, args=pair) for pair in enumerate(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
    took = time.perf_counter() - began
    flat = [each for one in times for each in one]
    return Load(len(flat) / took, median(flat), len(flat))


def in_turn(requests: list[Ask]) -> Callable[[int], Iterator[Ask]]:
    """All visitors go round the same requests, each from another one on."""
    return lambda number: cycle(requests[number % len(requests) :] + requests[: number % len(requests)])
