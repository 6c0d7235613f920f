"""Signing in, by allauth: nobody registers alone, and a stranger's failed tries do not lock the owner out."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context as asked
from allauth.core.internal import ratelimit
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.urls import reverse

from .jobs import account_letter

SLOW_LIMIT = {"app": "allauth.account", "action": "login_failed", "config": {"login_failed": "50/h/key"}}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By a job, like every letter: a mail server that is dead or slow neither loses it nor holds up the page."""
        words = {"request": asked.request, "email": email, "current_site": get_current_site(asked.request)} | context
        letter = self.render_mail(template_prefix, email, words)
        account_letter.enqueue(subject=letter.subject, body=letter.body, to=email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """Tries are counted by address and account together: those of another address do not lock this one."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{self.get_client_ip(request)}:{key}"

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Besides, a slow limit by account alone: guessing from many addresses ends too. Who signs in uses up neither."""
        super().pre_authenticate(request, **credentials)
        slow = ratelimit.consume(request, key=self._account_key(request, **credentials), **SLOW_LIMIT)
        if not slow:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage.usage.extend(slow.usage)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: str) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(request, key=self._account_key(request, **credentials), **SLOW_LIMIT)

    def _account_key(self, request: HttpRequest, **credentials: str) -> str:
        return super()._get_login_attempts_cache_key(request, **credentials)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("registry:start")


class SignInBackend(AuthenticationBackend):
    """Knows who someone is; what they may do is for the predicates (`rules`) alone, except inside the page editor.

    Wagtail asks Django's groups about single pages and images; whether someone gets into the editor at all is a predicate.
    """

    NOT_BY_GROUP = "wagtailadmin.access_admin"

    def has_perm(self, user_obj, perm: str, obj=None) -> bool:
        return perm.startswith("wagtail") and perm != self.NOT_BY_GROUP and super().has_perm(user_obj, perm, obj)
