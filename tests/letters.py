"""Mail servers of which one wants to know what happens when they fail."""

from django.core.mail.backends.base import BaseEmailBackend

DEAD_SERVER = f"{__name__}.DeadServer"


class DeadServer(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise ConnectionRefusedError("the mail server is dead")
