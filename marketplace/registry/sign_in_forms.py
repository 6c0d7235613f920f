"""Allauth's forms, in our words."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django.utils.translation import gettext_lazy as _

LABEL = _("E-mail address")


class SignInForm(LoginForm):
    """The way to a forgotten password stands beside the form, so its own link to it is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self.fields["login"])
        password = self.fields["password"]
        password.help_text, password.widget.attrs["placeholder"] = "", ""


class PasswordForgottenForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self.fields["email"])


def _name(field: Any) -> None:
    field.label = LABEL
    field.widget.attrs["placeholder"] = ""
