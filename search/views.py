"""The catalogue's front: shelves, results, and what to do when there are none."""

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from framework_agreements.selectors import agreements_in_force, with_figures
from marketplace.kernel.screens.lists import FORMATS
from marketplace.kernel.screens.narrowing import Download
from marketplace.kernel.screens.views import PUBLIC, Screen, ScreenMixin, is_ours
from marketplace.registry.delivery import DeliveryScreen, canton_of, canton_options, keep_canton
from marketplace.shop.catalogue.models import Category

from .asking import PER_PAGE, Asked
from .cards import cards_of
from .choices import amount_of, chips_of, groups_of, shelves_of
from .download import result_file
from .facets import CANTON, CATEGORY, FACETS
from .fallback import COUNTED_UNTIL
from .forms import DeliveryForm
from .patience import patience
from .port import Query, Result
from .selectors import nearest_shelves, search
from .words import question

SORT_NAMES = {"relevancia": _("Relevance"), "precio": _("Price"), "nombre": _("Name")}


class CatalogueLandingView(Screen):
    """The ways into the catalogue: words, shelves, agreements."""

    permission = PUBLIC
    template_name = "search/catalogue_landing.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shelves = list(Category.objects.filter(depth=1, is_public=True).order_by("path"))
        keys = tuple(shelf.pk for shelf in shelves)
        result = search(Query(size=0, facets=(CATEGORY,), counted_categories=keys))
        counts = result.facets.get(CATEGORY, {})
        return super().get_context_data(
            shelves=[(shelf, counts.get(str(shelf.pk), 0)) for shelf in shelves],
            total=result.total,
            is_degraded=result.is_degraded,
            agreements=with_figures(agreements_in_force(localdate())),
            **context,
        )


class ResultListView(DeliveryScreen, Screen):
    """What was found, with everything that narrows it."""

    permission = PUBLIC
    template_name = "search/result_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with patience():
            if (format_asked := request.GET.get("formato")) in FORMATS:
                return result_file(self.query, format_asked, on=localdate())
            return super().get(request, *args, **kwargs)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        asked, result = self.asked, self.result
        groups = groups_of(asked, self.shelves, result.facets, self.everything.facets)
        chips = chips_of(asked, groups)
        page = self.page_of(cards_of(result.product_ids, on=localdate(), canton=asked.canton))
        return super().get_context_data(
            asked=asked,
            within=self.within,
            result=result,
            words=result.corrected or asked.words,
            search_words=asked.words,
            exact_url=asked.url_with(exacto="1"),
            downloads=[Download(name.upper(), asked.url_with(formato=name)) for name in FORMATS],
            loose_url=f"{reverse('search:results')}{asked.url_loose}",
            price_from=amount_of(asked.price_from),
            price_until=amount_of(asked.price_until),
            is_counted=not result.is_degraded or result.total < COUNTED_UNTIL,
            page_obj=page,
            previous_url=asked.url_of_previous(result.hits[0]) if result.hits and page.has_previous() else "",
            next_url=asked.url_of_next(result.hits[-1]) if result.hits and page.has_next() else "",
            sorts=[(asked.url_with(orden=key), name, key == asked.sort) for key, name in self.sort_names()],
            groups=groups,
            places=canton_options(asked.canton, result.facets.get(CANTON)),
            chips=chips,
            chosen_count=len(chips),
            ways_on=self.ways_on() if not result.total else None,
            **context,
        )

    @cached_property
    def within(self) -> Category | None:
        return None

    @cached_property
    def asked(self) -> Asked:
        return Asked(self.request.GET, self.within, canton_of(self.request))

    @cached_property
    def shelves(self) -> list[Category]:
        return list(shelves_of(self.asked))

    @cached_property
    def query(self) -> Query:
        return self.asked.query(self.shelves)

    @cached_property
    def result(self) -> Result:
        return search(self.query)

    @cached_property
    def everything(self) -> Result:
        """The same words without filters: which values there are to choose."""
        if self.result.is_degraded or not self.query.has_filters:
            return self.result
        words = self.result.corrected or self.query.words
        return search(replace(self.query.without_filters(), words=words, is_exact=True, size=0, facets=FACETS))

    def page_of(self, cards: list) -> Page:
        paginator = Paginator(cards, PER_PAGE)
        paginator.count = self.result.total
        return Page(cards, self.asked.page, paginator)

    def sort_names(self) -> list[tuple[str, Any]]:
        return [(key, name) for key, name in SORT_NAMES.items() if self.asked.words or key != "relevancia"]

    def ways_on(self) -> dict[str, Any]:
        """What else there is when nothing was found: the same without filters, some of the words, shelves that hold them."""
        loose = search(replace(self.query.without_filters(), needs_all=False, size=0, facets=()))
        without_filters = self.everything.total if self.query.has_filters else 0
        return {
            "without_filters": without_filters,
            "some_words": loose.total if self.asked.words and loose.total > without_filters else 0,
            "shelves": self.shelves_with_a_word(),
        }

    def shelves_with_a_word(self) -> list[tuple[Category, int]]:
        """Shelves of sheets that hold a word of the question; that they hold a number of it («500») says nothing."""
        words = " ".join(question(self.asked.words).asked_words)
        if not words:
            return []
        asked = replace(self.query.without_filters(), words=words, needs_all=False, is_exact=True, size=0)
        return nearest_shelves(search(replace(asked, facets=(CATEGORY,), counted_categories=None)))


class CategoryDetailView(ResultListView):
    """A shelf: all that stands on it and beneath it."""

    @cached_property
    def within(self) -> Category:
        return self.found(Category.objects.filter(is_public=True, ancestors_are_public=True), slug=self.kwargs["slug"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(trail=self.within.get_ancestors(), **context)


class DeliveryView(ScreenMixin, FormView):
    """Say once where things are to be delivered: sheets, results and the cart show what goes there."""

    permission = PUBLIC
    template_name = "search/delivery.html"
    form_class = DeliveryForm

    def get_initial(self):
        return {"canton": canton_of(self.request), "next": self.request.GET.get("next", "")}

    def form_valid(self, form: DeliveryForm) -> HttpResponse:
        response = redirect(self.page_after(form.cleaned_data["next"]))
        keep_canton(self.request, response, form.cleaned_data["canton"])
        return response

    def page_after(self, asked: str) -> str:
        return asked if is_ours(self.request, asked) else reverse("search:landing")
