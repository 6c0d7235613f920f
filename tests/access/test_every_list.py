"""Every list of ours finds, sorts, filters, pages and downloads, because a page with a table is a list or says why not."""

import io

import pytest
from django.core.paginator import Page as ListPage
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from marketplace.kernel.screens.lists import FORMATS, ListScreen
from tests.answers import SIGN_IN

from .matrix import MATRIX, who_opens
from .test_matrix import our_views

TABLE = 'class="data-table'
LINES, PEOPLE = "the lines of one document", "the people and parts of one organisation"
NOT_LISTS = {
    "dashboard:style-page": "samples",
    "search:landing": "the first agreements, under shelves; their list is the public one",
    "framework_agreements:agreement": "the lots of one agreement",
    "framework_agreements:agreement-panel": "the lots and causes of one agreement",
    "registry:account": "one's own roles",
    "registry:supplier": PEOPLE,
    "registry:entity": PEOPLE,
    "requisition:rules": "a route, in its order",
    "requisition:requisition": LINES,
    "requisition:requisition-create": LINES,
    "requisition:approval": LINES,
    "basket:list": "the lines of one list, each with its field",
    "basket:list-refill": LINES,
    "basket:order-refill": LINES,
    "basket:requisition-refill": LINES,
    "basket:quick-order": "the lines that one typed",
    "partner:listing": "the last prices of one listing",
    "catalogue:detail": "the offers of one sheet, the best first by the rule and no other way; page by page",
    "catalog_import:run-columns": "the first rows of one file, as they stand in it",
    "catalog_import:run": "the rows of one file, by tab and in its order; what is refused downloads by itself",
    "order:order": LINES,
    "order:supplier-order": LINES,
    "order:verification": LINES,
    "invoicing:invoice": LINES,
    "invoicing:supplier-invoice": LINES,
    "invoicing:invoice-create": LINES,
    "payment:liquidation": LINES,
    "payment:supplier-liquidation": LINES,
    "fulfilment:delivery": LINES,
    "fulfilment:supplier-delivery": LINES,
    "fulfilment:verification": LINES,
}
LISTS = sorted(name for name, view in our_views().items() if issubclass(view, ListScreen) and name not in NOT_LISTS)
OTHERS = sorted(name for name, page in MATRIX.items() if not page.is_act and name not in LISTS)
VIEWS = {"requisition:approvals": {"ver": "resueltas"}}  # what waits is all in one state, which is no filter


@pytest.fixture
def opened(world):
    """`opened(name, orden="name")`: the page as somebody who may see it."""

    def opened(name: str, **query: str):
        client = Client()
        if not MATRIX[name].is_public:
            client.force_login(world[who_opens(name)].user, backend=SIGN_IN)
        answer = client.get(reverse(name, kwargs=MATRIX[name].kwargs(world)), query)
        assert answer.status_code in (200, 302), (name, query)
        return answer

    return opened


def test_a_page_with_a_table_is_a_list_or_says_why_not(opened):
    answers = {name: opened(name) for name in OTHERS}
    with_table = {name for name, answer in answers.items() if not answer.streaming and TABLE.encode() in answer.content}

    assert sorted(with_table - set(NOT_LISTS)) == []


@pytest.mark.parametrize("name", LISTS)
def test_sorts_by_every_head_that_says_so_both_ways(opened, name):
    sortable = [column.key for column in our_views()[name].columns if column.sort]

    assert sortable
    for key in sortable:
        for asked, direction in ((key, "ascending"), (f"-{key}", "descending")):
            answer = opened(name, orden=asked)
            assert [head.direction for head in answer.context["heads"] if head.column.key == key] == [direction]
            assert list(answer.context["object_list"]) is not None


@pytest.mark.parametrize("name", LISTS)
def test_finds_and_when_nothing_fits_says_how_to_widen(opened, name):
    answer = opened(name, q="zzzz nada", orden="status")

    assert list(answer.context["object_list"]) == []
    assert answer.context["tools"].all_url == "?orden=status"
    assert answer.text.count('href="?orden=status"') == 2  # above the list, and in its place
    assert '<input type="hidden" name="orden" value="status">' in answer.text


@pytest.mark.parametrize("name", LISTS)
def test_a_state_or_a_role_is_a_filter(opened, name):
    wanted = {column.key for column in our_views()[name].columns} & {"status", "state", "role"}
    query = VIEWS.get(name, {})
    every = opened(name, **query)
    selects = every.context["tools"].selects

    assert len(selects) == len(wanted)
    for select in selects:
        kept = [opened(name, **query | {select.key: choice.value}) for choice in select.choices]
        assert sum(answer.context["tools"].count for answer in kept) == every.context["tools"].count
        assert f'<select class="form-select" id="f-{select.key}" name="{select.key}">' in every.text


def test_a_value_that_no_filter_has_narrows_nothing(opened):
    assert opened("order:orders", estado="'; --").context["tools"].count == opened("order:orders").context["tools"].count > 0


@pytest.mark.parametrize("name", LISTS)
def test_pages(opened, monkeypatch, name):
    monkeypatch.setattr(ListPage, "has_other_pages", lambda page: True)

    assert '<nav class="pager' in opened(name).text


def test_a_page_that_is_no_longer_there_is_the_last_one(opened):
    assert opened("order:orders", pagina="999").context["page_obj"].number == 1


@pytest.mark.parametrize("name", LISTS)
def test_downloads_all_that_matches(opened, name):
    page = opened(name)
    tools = page.context["tools"]
    columns = [str(column.label) for column in our_views()[name].columns if column.value]

    assert columns
    assert [each.name for each in tools.downloads] == ["CSV", "XLSX"]
    assert [each.url for each in tools.downloads if f'href="{each.url}"' not in page.text] == [] or not tools.count
    lines = opened(name, formato="csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == ";".join(columns)
    sheet = list(load_workbook(io.BytesIO(opened(name, formato="xlsx").content)).active.iter_rows(values_only=True))
    assert (list(sheet[0]), len(sheet)) == (columns, tools.count + 1)


def test_a_list_that_is_too_long_for_a_workbook_comes_as_csv(opened, monkeypatch):
    monkeypatch.setattr("marketplace.kernel.screens.lists.MOST_IN_A_WORKBOOK", 0)

    assert [each.name for each in opened("order:orders").context["tools"].downloads] == ["CSV"]
    assert opened("order:orders", formato="xlsx")["Content-Disposition"] == 'attachment; filename="ordenes.csv"'


def test_the_results_of_the_catalogue_page_and_filter_by_their_engine_and_have_the_same_formats(opened):
    page = opened("search:results", q="papel").text

    assert [each for each in FORMATS if f"formato={each}" not in page] == []
