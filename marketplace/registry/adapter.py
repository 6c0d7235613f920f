"""Signing in, by allauth: nobody registers alone, and a stranger's failed tries do not lock the owner out."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by invitation."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """Tries are counted by address and account together: those of another address do not lock this one."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{self.get_client_ip(request)}:{key}"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("registry:start")


class SignInBackend(AuthenticationBackend):
    """Knows who someone is; what they may do is for the predicates (`rules`) alone, except inside the page editor.

    Wagtail asks Django's groups about single pages and images; whether someone gets into the editor at all is a predicate.
    """

    NOT_BY_GROUP = "wagtailadmin.access_admin"

    def has_perm(self, user_obj, perm: str, obj=None) -> bool:
        return perm.startswith("wagtail") and perm != self.NOT_BY_GROUP and super().has_perm(user_obj, perm, obj)
