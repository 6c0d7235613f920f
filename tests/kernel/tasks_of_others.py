"""A task as Wagtail declares its own."""

from django_tasks import task


@task()
def note(what: str) -> None:
    assert what == "saved"
