"""Programs that tests start: where they may listen, and waiting for what they do."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        return asked.getsockname()[1]


def is_listened_to(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((HOST, port)) == 0


def until(condition: Callable[[], object], *, seconds: float = 30) -> None:
    """Look until it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def most_memory() -> int:
    """The most that this program has held so far, in kilobytes.

    Not `ru_maxrss`: Linux keeps that across exec, so a program would answer for the process that started it.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
