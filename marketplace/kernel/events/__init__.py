"""Events go up: a room records what happened, the rooms above have subscribed a job to that kind.

    record("order.approved", order, actor=membership, at=at)

    @subscribe("listing.published", "listing.withdrawn")
    @job(retries=5)
    def search_document_sync(event: Event) -> None: ...

The event and the jobs are rows of the caller's transaction: all of it happens, or none. A subscriber cannot veto.
"""

from .recording import record, subscribe

__all__ = ["record", "subscribe"]
