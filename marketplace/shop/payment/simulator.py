"""A finance system to try ours against: a program of its own that takes payment requests and tells what came of them.

    python -m marketplace.shop.payment.simulator --port 8001 --callback http://127.0.0.1:8000/pagos/avisos/ --state FILE

It keeps its word in a file, knows repeated requests by their key, and tells each notice until it is heard. Told to (`POST /mode`),
it is slow (answers late what it has taken), dead (answers nothing sensible), lying (amounts and payments nobody asked for, wrong
signatures, then the truth) or repeating (each notice several times, the latest first). Needs neither Django nor our database.
"""

import argparse
import json
import logging
import os
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from http import HTTPStatus
from socketserver import ThreadingMixIn
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from marketplace.shop.payment.signing import HEADER, is_signed, signature_of

logger = logging.getLogger(__name__)
MODES = ("normal", "slow", "dead", "lying", "repeating")
TABLES = """
CREATE TABLE IF NOT EXISTS payment (key TEXT PRIMARY KEY, body TEXT NOT NULL, reference TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notice (
    key TEXT, sequence INTEGER, body TEXT NOT NULL, due REAL NOT NULL, heard INTEGER DEFAULT 0, PRIMARY KEY (key, sequence)
);
"""
ANSWERS = {int(each): f"{each.value} {each.phrase}" for each in map(HTTPStatus, (200, 202, 400, 403, 404, 503))}
PAUSE, HEARD_WITHIN = 0.1, 5  # seconds


@dataclass(frozen=True)
class Told:
    """How it behaves. `late`: seconds until it answers when it is slow. `pace`: seconds between a payment's notices. `parts`:
    into so many parts it splits a payment.
    """

    mode: str = "normal"
    late: float = 8
    pace: float = 2
    parts: int = 1


class Simulator:
    """`callback`: where notices go. `state`: the file in which payments and notices are kept."""

    def __init__(self, *, callback: str, secret: str, state: str, told: Told) -> None:
        self.callback, self.secret, self.state, self.told = callback, secret, state, told
        with self._books() as books:
            books.executescript(TABLES)

    def _books(self) -> closing:
        return closing(sqlite3.connect(self.state, isolation_level=None, timeout=10))

    # ------------------------------------------------------------ what it is asked
    def __call__(self, environ, start_response) -> list[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].strip("/")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        signature = environ.get(f"HTTP_{HEADER.upper().replace('-', '_')}", "")
        status, answer = self.answer(method, path, body, signature)
        content = json.dumps(answer).encode()
        start_response(ANSWERS[status], [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        return [content]

    def answer(self, method: str, path: str, body: bytes, signature: str) -> tuple[int, dict]:
        if not is_signed(body or path.encode(), signature, self.secret):
            return 403, {"reason": "not signed"}
        if (method, path) == ("POST", "mode"):
            return self.change(json.loads(body))
        if self.told.mode == "dead":
            return 503, {"reason": "out of order"}
        if (method, path) == ("POST", "payments"):
            return self.take(body)
        name, _, key = path.partition("/")
        if (method, name) == ("GET", "payments"):
            return 200, {"notices": self._notices(key)}
        if (method, name) == ("POST", "reversals"):
            return self.reverse(key)
        return 404, {"reason": "no such thing"}

    def change(self, wanted: dict) -> tuple[int, dict]:
        if wanted.get("mode", "normal") not in MODES:
            return 400, {"reason": f"one of {MODES}"}
        self.told = replace(self.told, **wanted)
        return 200, vars(self.told)

    def take(self, body: bytes) -> tuple[int, dict]:
        """A request that it knows by its key is answered as the first time, and pays nothing more."""
        request = json.loads(body)
        key, reference = request["key"], f"SIM-{uuid4().hex[:10].upper()}"
        with self._books() as books:
            books.execute("BEGIN IMMEDIATE")
            known = books.execute("SELECT reference FROM payment WHERE key = ?", [key]).fetchone()
            if known is None:
                books.execute("INSERT INTO payment VALUES (?, ?, ?)", [key, body.decode(), reference])
                for notice in self.plan(request):
                    self._write(books, key, notice)
            books.execute("COMMIT")
        if self.told.mode == "slow":
            time.sleep(self.told.late)
        return 202, {"reference": known[0] if known else reference}

    def plan(self, request: dict) -> list[dict]:
        """Scheduled for tomorrow, then paid, in as many parts as it was told."""
        whole, parts = Decimal(request["amount"]), self.told.parts
        part = (whole / parts).quantize(Decimal("0.01"), ROUND_DOWN)
        amounts = [amount for amount in (*[part] * (parts - 1), whole - part * (parts - 1)) if amount]
        tomorrow = (date.today() + timedelta(days=1)).isoformat()
        return [{"kind": "scheduled", "scheduled_for": tomorrow}, *({"kind": "paid", "amount": str(each)} for each in amounts)]

    def reverse(self, key: str) -> tuple[int, dict]:
        """The bank takes all of it back."""
        paid = sum((Decimal(each["amount"]) for each in self._notices(key) if each["kind"] == "paid"), Decimal(0))
        if not paid:
            return 404, {"reason": "nothing was paid"}
        with self._books() as books:
            self._write(books, key, {"kind": "reversed", "amount": str(paid), "reason": "Cuenta cerrada"})
        return 202, {}

    def _write(self, books: sqlite3.Connection, key: str, notice: dict) -> None:
        last = books.execute("SELECT count(*) FROM notice WHERE key = ?", [key]).fetchone()[0]
        body = json.dumps({"key": key, "sequence": last + 1} | notice)
        due = time.time() + self.told.pace * (last + 1)
        books.execute("INSERT INTO notice (key, sequence, body, due) VALUES (?, ?, ?, ?)", [key, last + 1, body, due])

    def _notices(self, key: str) -> list[dict]:
        with self._books() as books:
            rows = books.execute("SELECT body FROM notice WHERE key = ? ORDER BY sequence", [key])
            return [json.loads(body) for (body,) in rows]

    # ------------------------------------------------------------ what it tells
    def tell_for_ever(self) -> None:
        while True:
            try:
                self.tell_what_is_due()
            except (OSError, sqlite3.Error):
                logger.exception("told nothing this time")
            time.sleep(PAUSE)

    def tell_what_is_due(self) -> None:
        """Each notice again and again, until it is heard."""
        if self.told.mode == "dead":
            return
        with self._books() as books:
            due = books.execute("SELECT key, sequence, body FROM notice WHERE NOT heard AND due <= ?", [time.time()]).fetchall()
        for key, sequence, body in reversed(due) if self.told.mode == "repeating" else due:
            if self.tell(body.encode()):
                with self._books() as books:
                    books.execute("UPDATE notice SET heard = 1 WHERE key = ? AND sequence = ?", [key, sequence])

    def tell(self, body: bytes) -> bool:
        if self.told.mode == "lying":
            self.lie(json.loads(body))
        if self.told.mode == "repeating":
            for _ in range(4):
                self.post(body, signature_of(body, self.secret))
        return self.post(body, signature_of(body, self.secret))

    def lie(self, notice: dict) -> None:
        """Too much money, money for nobody, and the right words in a stranger's hand."""
        too_much = json.dumps(notice | {"kind": "paid", "amount": "99999999.99"}).encode()
        for_nobody = json.dumps(notice | {"key": str(uuid4())}).encode()
        self.post(too_much, signature_of(too_much, self.secret))
        self.post(for_nobody, signature_of(for_nobody, self.secret))
        truth = json.dumps(notice).encode()
        self.post(truth, signature_of(truth, "somebody else's secret"))

    def post(self, body: bytes, signature: str) -> bool:
        """Whether it was heard."""
        headers = {"Content-Type": "application/json", HEADER: signature}
        request = urllib.request.Request(self.callback, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=HEARD_WITHIN) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        """Says nothing of each request."""


def main() -> None:
    reader = argparse.ArgumentParser(description="A finance system to try payments with. FINANCE_GATEWAY_SECRET signs.")
    reader.add_argument("--host", default="127.0.0.1")
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--callback", required=True, help="where its notices go")
    reader.add_argument("--state", required=True, help="the file that it remembers by")
    reader.add_argument("--mode", choices=MODES, default="normal")
    reader.add_argument("--pace", type=float, default=Told.pace, help="seconds between a payment's notices")
    reader.add_argument("--parts", type=int, default=Told.parts, help="payments arrive in so many parts")
    said = reader.parse_args()
    told = Told(said.mode, pace=said.pace, parts=said.parts)
    simulator = Simulator(callback=said.callback, secret=os.environ["FINANCE_GATEWAY_SECRET"], state=said.state, told=told)
    threading.Thread(target=simulator.tell_for_ever, daemon=True).start()
    make_server(said.host, said.port, simulator, server_class=Server, handler_class=Quiet).serve_forever()


if __name__ == "__main__":
    main()
