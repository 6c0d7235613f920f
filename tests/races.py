"""Several at once, over real connections: for tests with a database of their own."""

import threading
from collections.abc import Callable

from django.db import connection

from marketplace.kernel.acting import acting
from marketplace.kernel.errors import RuleBroken


def together(*calls: Callable[[], object]) -> list[str]:
    """Run all at once. The codes of what was refused by rule; any other error fails the test."""
    start, refused, failures = threading.Barrier(len(calls)), [], []

    def run(call) -> None:
        with acting(reason="race"):
            try:
                start.wait()
                call()
            except RuleBroken as refusal:
                refused.extend(refusal.codes)
            except Exception as failure:
                failures.append(failure)
        connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [repr(failure) for failure in failures] == []
    return refused
