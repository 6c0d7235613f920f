from typing import Any

from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import DraftStateMixin, Page, RevisionMixin, TranslatableMixin

from framework_agreements.selectors import agreements_in_force, with_figures

from .blocks import BodyBlock
from .help_texts import forget
from .selectors import figures_on


class HomePage(Page):
    """The portal's front door: search, three doors, what is in force."""

    lead = models.CharField(_("lead"), max_length=200, help_text=_("One sentence under the title."))
    popular = models.CharField(_("popular searches"), max_length=200, blank=True, help_text=_("Separated by commas."))

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("popular")]
    max_count_per_parent = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.ContentPage"]
    template = "cms/home_page.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        on = localdate()
        return super().get_context(request, *args, **kwargs) | {
            "popular": [words.strip() for words in self.popular.split(",") if words.strip()],
            "agreements": with_figures(agreements_in_force(on)).order_by("valid_until")[:5],
            "figures": figures_on(on),
            "articles": self.get_children().live().public().specific(),
        }


class ContentPage(Page):
    """A page of text, notices, steps and questions."""

    lead = models.CharField(_("lead"), max_length=300, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage", "cms.ContentPage"]
    template = "cms/content_page.html"

    class Meta:
        verbose_name = _("content page")


class HelpText(DraftStateMixin, RevisionMixin, TranslatableMixin, models.Model):
    """What a screen is for, what to do on it first, what happens then; behind the «?» of the screen.

    `help_id`: the URL name of the screen. Each release brings the texts of its screens (`services.help_texts_load`).
    """

    help_id = models.CharField(_("screen"), max_length=80, editable=False)
    title = models.CharField(_("title"), max_length=60)
    body = RichTextField(_("body"), features=["bold", "italic", "link", "ol", "ul"], max_length=1500)

    panels = [FieldPanel("help_id", read_only=True), FieldPanel("title"), FieldPanel("body")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("help text")
        verbose_name_plural = _("help texts")
        ordering = ["help_id", "locale"]
        constraints = [models.UniqueConstraint(fields=["help_id", "locale"], name="cms_help_text_once")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget()
