"""What every screen of ours shares: who may see it, and how a form acts by one service and says one sentence."""

import logging
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView, View

from marketplace.kernel.errors import Broken, Message, RuleBroken
from marketplace.kernel.failpoints import failpoint
from marketplace.kernel.trouble import Trouble, trouble_of

from .answers import KEY_FIELD, answer_for, answer_given
from .models import FormAnswer

logger = logging.getLogger(__name__)

no_room = Message(
    "no_room",
    _(
        "Nothing was saved: the server has no room left to store it. What was saved before is safe. Tell the people who run "
        "this site, and send it again when they have made room."
    ),
)

PUBLIC = "public"
SIGNED = "signed"  # another program asks; its signature decides, no session does


class ScreenMixin(View):
    """Default deny: a screen names its permission, or says that it is `PUBLIC`; what is `SIGNED` judges a signature itself.

    Anonymous visitors are sent to sign in; whoever lacks the permission reads which role has it.
    """

    permission: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.permission not in {PUBLIC, SIGNED} and not request.user.has_perm(self.permission):
            if not request.user.is_authenticated:
                return redirect_to_sign_in(request)
            raise PermissionDenied(self.permission)
        return super().dispatch(request, *args, **kwargs)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The address of a button, opened as a page."""
        response = render(request, "405.html", status=405)
        response["Allow"] = super().http_method_not_allowed(request, *args, **kwargs)["Allow"]
        return response

    @property
    def membership(self):
        """The membership in which the person acts; None for a visitor."""
        return self.request.membership  # type: ignore[attr-defined]  # the acting middleware sets it

    def found(self, rows, **lookup):
        """The one row that this person may see, or 404: a foreign row is answered like a missing one."""
        try:
            return rows.get(**lookup)
        except (rows.model.DoesNotExist, ValidationError, ValueError) as missing:  # the last two: no such value can be
            raise Http404 from missing


class Screen(ScreenMixin, TemplateView):
    """A page that only shows."""


class RuleFormView(ScreenMixin, FormView):
    """A form that acts by one service.

    `act` does it and answers with a sentence; a broken rule becomes an error at its field and nothing is written. A
    second press with the same key answers as the first did.
    """

    object: Any = None

    def get_object(self) -> Any:
        """What the form is about. Raise 404 (`found`) for what this person may not see."""
        return None

    def act(self, form) -> str:
        raise NotImplementedError

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.form_key = request.POST.get(KEY_FIELD) or str(uuid4())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the first press has changed may stand in the way of the next: that one hears the first answer as well."""
        try:
            self.object = self.get_object()
            form = self.get_form()
        except Http404:
            answer = self.answered_before()
            if answer is None:
                raise
            return answer
        return self.form_valid(form) if form.is_valid() else self.answered_before() or self.form_invalid(form)

    def answered_before(self) -> HttpResponse | None:
        """The answer to this very form, if it was sent before and done."""
        given = answer_given(actor_id=self.request.user.pk or 0, key=self.form_key, posted=self.request.POST)
        return self.answered(given) if given else None

    def answered(self, answer: FormAnswer) -> HttpResponse:
        messages.success(self.request, answer.sentence)
        return HttpResponseRedirect(answer.location)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, form_key=self.form_key, **context)

    def form_valid(self, form) -> HttpResponse:
        try:
            with transaction.atomic():
                answer, is_new = answer_for(actor_id=self.request.user.pk or 0, key=self.form_key, posted=self.request.POST)
                if is_new:
                    answer.sentence = self.act(form)
                    answer.location = str(self.get_success_url())
                    answer.save(update_fields=["sentence", "location"])
        except RuleBroken as refusal:
            return self.refused(form, refusal)
        except (OSError, DatabaseError) as failure:
            if trouble_of(failure) is not Trouble.FULL:
                raise
            logger.exception("no room: %s %s", self.request.method, self.request.path)
            return self.refused(form, RuleBroken([Broken("no_room")]))
        failpoint("form.committed")
        return self.answered(answer)

    def refused(self, form, refusal: RuleBroken) -> HttpResponse:
        for broken in refusal.broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.sentence)
        return self.form_invalid(form)


class ActionView(RuleFormView):
    """A button on another page: what it refuses is said there. `return_url`: that page."""

    http_method_names = ["post", "options"]

    def get_success_url(self) -> str:
        raise NotImplementedError

    def form_invalid(self, form) -> HttpResponse:
        for sentences in form.errors.values():
            for sentence in sentences:
                messages.error(self.request, sentence)
        return redirect(self.get_return_url())

    def get_return_url(self) -> str:
        return self.get_success_url()


class RedirectScreen(ScreenMixin):
    """A door: leads on to where this person's work is."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.get_target())

    def get_target(self) -> str:
        raise NotImplementedError


def redirect_to_sign_in(request: HttpRequest) -> HttpResponse:
    from django.contrib.auth.views import redirect_to_login

    return redirect_to_login(page_of(request))


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address that somebody sent leads to this site, so that one may be sent there."""
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def page_of(request: HttpRequest) -> str:
    """The page on which this was asked: itself, or for a form the page that sent it; the home page when nobody says."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    for said in (request.POST.get("next", ""), request.headers.get("referer", "")):
        if is_ours(request, said):
            parts = urlsplit(said)
            return urlunsplit(("", "", parts.path, parts.query, "")) or "/"
    return "/"
