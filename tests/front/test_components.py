import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Template, engines
from django.test import RequestFactory
from django.utils.translation import override
from django_cotton.compiler_regex import CottonCompiler

from marketplace.frontend.build import DIST, ROOT
from marketplace.kernel.screens.looks import Look, look_of, show
from marketplace.registry.models import Supplier
from marketplace.shop.dashboard.samples import SampleForm, samples
from marketplace.shop.order.views import EntityOrdersView

COMPONENTS = ROOT / "marketplace" / "templates" / "components"
STYLE_PAGE = ROOT / "marketplace" / "shop" / "dashboard" / "templates" / "dashboard"
NOT_ON_THE_STYLE_PAGE = {
    "failure": "a page of its own: the failures are the specimens",
    "rail": "the frame of the style page shows it",
}
PAGES = [
    page
    for room in ("marketplace", "framework_agreements", "catalog_import", "search", "cms")
    for page in sorted((ROOT / room).rglob("*.html"))
    if not {"node_modules", "dist"} & set(page.parts)
]


def rendered(source: str, **context) -> str:
    template: Template = engines["django"].from_string(CottonCompiler().process(source))
    return template.render(context, RequestFactory().get("/"))


def name_of(file: Path) -> str:
    """components/tabs/index.html → tabs, components/tabs/tab.html → tabs.tab."""
    parts = file.relative_to(COMPONENTS).with_suffix("").parts
    return ".".join(part for part in parts if part != "index").replace("_", "-")


ALL = sorted(name_of(file) for file in COMPONENTS.rglob("*.html"))


def test_every_component_stands_on_the_style_page():
    source = "".join(file.read_text() for file in STYLE_PAGE.rglob("*.html"))
    through_others = "".join(file.read_text() for file in COMPONENTS.rglob("*.html"))
    shown = set(re.findall(r"<c-([a-z.-]+)", source + through_others))

    assert set(ALL) - shown == set(NOT_ON_THE_STYLE_PAGE)


def test_every_icon_and_drawing_of_the_style_page_is_there(client, officer):
    client.force_login(officer.user)
    html = client.get("/panel/estilos/").content.decode()

    for file in ("icons.svg", "art.svg"):
        wanted = set(re.findall(rf'{file}#([^"]*)"', html))
        assert wanted
        assert wanted - set(re.findall(r'<symbol id="([^"]+)"', (DIST / file).read_text())) == set()


def test_no_page_names_a_component_that_does_not_exist():
    named = {(page.name, name) for page in PAGES for name in re.findall(r"<c-([a-z_.-]+)", page.read_text())}

    assert {(page, name) for page, name in named if name not in {*ALL, "vars", "slot"}} == set()


def test_every_component_says_what_it_takes():
    silent = [name_of(file) for file in COMPONENTS.rglob("*.html") if not file.read_text().startswith("{% comment %}")]

    assert silent == []


def test_pages_use_only_classes_that_are_styled():
    styled = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", (DIST / "app.css").read_text()))
    styled |= {name.split("__")[0] for name in styled}
    sources = {page.name: page.read_text() for page in PAGES}
    for own in re.findall(r"<style.*?</style>", "".join(sources.values()), re.DOTALL):  # a paper brings its style along
        styled |= set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", own))
    used = {(name, used) for name, source in sources.items() if "<style" not in source for used in classes_in(source)}

    assert {(page, name) for page, name in used if name not in styled} == set()


def classes_in(source: str) -> set[str]:
    """Whole names only: what a variable completes (`btn-{{ kind }}`) is not judged."""
    values = re.findall(r'\bclass="((?:{{.*?}}|{%.*?%}|[^"{])*)"', source)
    words = (re.sub(r"{%.*?%}", " ", re.sub(r"{{.*?}}", "?", value)).split() for value in values)
    return {word for each in words for word in each if "?" not in word}


def test_a_component_knows_nothing_of_the_page_around_it():
    assert 'class="tag"' in rendered("<c-tag>x</c-tag>", tone="bad", icon="truck")
    assert "icons.svg" not in rendered("<c-tag>x</c-tag>", tone="bad", icon="truck")


def test_what_people_wrote_is_escaped_everywhere():
    evil = "<script>alert(1)</script>"
    source = """<c-panel :title="evil">{{ evil }}</c-panel><c-page-head title="{{ evil }}" /><c-tag :tone="evil">{{ evil }}</c-tag>
    <c-product-card :href="evil" :name="evil" :code="evil" :specs="evil" :unit="evil" :note="evil" :price-note="evil" />
    <c-cart-line :name="evil" :meta="evil" /><c-icon :name="evil" :label="evil" /><c-copy :text="evil" :label="evil" />
    <c-stepper :label="evil" /><c-thumb :drawing="evil" /><c-empty :title="evil" /><c-notice :title="evil" />"""

    assert "<script" not in rendered(source, evil=evil)


def test_status_has_the_look_that_its_room_gave_to_it(supplier_factory):
    with override("en"):
        html = rendered('<c-status :of="row" />', row=supplier_factory(status="suspended"))

    assert "tag--bad" in html
    assert "#slash-circle" in html
    assert "Suspended" in html


def test_looks_are_for_states_that_exist():
    with pytest.raises(ValueError, match="closed"):
        show(Supplier.Status, closed=Look("bad", "x"))


def test_every_state_of_a_business_row_has_a_look():
    from django.apps import apps

    from marketplace.kernel.screens.looks import UNKNOWN
    from marketplace.kernel.states import Moves

    models = [model for model in apps.get_models() if issubclass(model, Moves)]
    bare = [f"{model.__name__}.{status.name}" for model in models for status in model.Status if look_of(status) is UNKNOWN]

    assert models
    assert bare == []


def test_field_ties_label_hint_and_error_to_its_control():
    form = SampleForm({"amount": "tres"}, auto_id="id_%s")
    with override("en"):
        html = rendered('<c-field :field="field" />', field=form["amount"])

    assert '<label class="form-label" for="id_amount">Certified amount</label>' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'id="id_amount_helptext"' in html
    assert 'id="id_amount_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index("id_amount_helptext") < html.index("id_amount_error")


def test_group_of_choices_is_a_fieldset_with_a_legend():
    html = rendered('<c-field :field="field" />', field=SampleForm()["mode"])

    assert '<legend class="form-label">' in html
    assert html.count('class="form-check-input"') == 2


def test_optional_fields_say_so_and_required_ones_say_nothing():
    form = SampleForm()
    with override("en"):
        said = {name: "(optional)" in rendered('<c-field :field="field" />', field=form[name]) for name in form.fields}

    assert said == {name: name in {"days", "certificate"} for name in form.fields}


def test_summary_of_errors_leads_to_each_control():
    form = samples()["form_wrong"]
    with override("en"):
        html = rendered('<c-error-summary :form="form" />', form=form)

    assert "Correct 6 entries to go on" in html
    assert 'href="#wrong_amount"' in html
    assert 'href="#wrong_mode_0"' in html
    assert "The certificate 0412-2026 lacks" in html


def test_form_without_errors_has_no_summary():
    assert rendered('<c-error-summary :form="form" />', form=SampleForm()).strip() == ""


def test_form_carries_token_and_key():
    html = rendered('<c-form :form="form" submit="Send" key="0192-abc" />', form=SampleForm())

    assert 'name="csrfmiddlewaretoken"' in html
    assert '<input type="hidden" name="form_key" value="0192-abc">' in html


def test_two_forms_of_one_page_have_different_keys():
    keys = re.findall(r'name="form_key" value="([^"]+)"', rendered('<c-act action="/a">x</c-act><c-act action="/b">y</c-act>'))

    assert len(set(keys)) == 2


def test_forms_of_others_come_out_in_our_markup():
    class Foreign(forms.Form):
        login = forms.EmailField()
        remember = forms.BooleanField(required=False)
        token = forms.CharField(widget=forms.HiddenInput)

    form = Foreign({"login": "nobody"})
    form.add_error(None, "Too many tries.")
    html = str(form)

    assert html.count('class="field') == 2 + html.count("field--error") + html.count("field__error") - 1
    assert 'class="form-control"' in html
    assert 'class="form-check-input"' in html
    assert "Too many tries." in html
    assert '<input type="hidden" name="token"' in html


def test_sorted_head_says_how_it_is_sorted():
    heads = samples()["heads"]
    html = rendered('<c-data-table caption="Orders" :heads="heads">x</c-data-table>', heads=heads)

    assert '<th scope="col" aria-sort="ascending"><a href="?orden=number">' in html
    assert html.count("<a href") == 3


def test_search_of_a_list_keeps_the_rest_of_the_query():
    """What the form itself asks (words, filters) is not in it twice, and it begins at the first page."""
    view = EntityOrdersView()
    request = RequestFactory().get("/?q=resma&orden=-number&ver=a&ver=b&estado=issued&pagina=3")
    request.user, request.resolver_match = AnonymousUser(), None
    view.setup(request)
    html = rendered('<c-list-tools :of="tools" label="Find" />', tools=view.tools(7))

    assert re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', html) == [("orden", "-number"), ("ver", "a"), ("ver", "b")]
    assert '<option value="issued" selected>' in html
