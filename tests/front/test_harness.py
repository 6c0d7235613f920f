"""The assertions of `tests/browser.py` find what they are for."""

import pytest

from tests.browser import Net, axe_problems, keyboard_problems, landmark_problems, reflow_problems

pytestmark = pytest.mark.browser

BAD = """<html><head><title>x</title><style>a:focus, button:focus { outline: none }</style></head><body>
<h1>One</h1><h3 id="a">Three</h3><h1 id="a">Two</h1><input type="text"><p style="width: 900px; background: #eee">wide</p>
<a href="/x">first</a><button aria-label="unseen"><i></i></button><a href="/y"><img src="x.png"></a></body></html>"""


@pytest.fixture
def bad_page(new_page):
    """Our own policy would not let its styles through."""
    page = new_page(bypass_csp=True)
    page.goto("/apariencia/")
    page.set_content(BAD)
    return page


def test_landmarks(bad_page):
    assert landmark_problems(bad_page) == [
        "no language",
        "title: x",
        "0 main landmarks",
        "2 h1",
        "h3 after h1",
        "ids that stand twice: a",
        'style attributes: <p style="width: 900px; background: #eee">wide</p>',
    ]


def test_axe(bad_page):
    found = " ".join(axe_problems(bad_page))

    assert all(rule in found for rule in ("html-has-lang", "label", "image-alt", "link-name"))


def test_reflow(bad_page):
    [problem] = reflow_problems(bad_page)

    assert problem.startswith("at 320 px the page is 9")
    assert "p.null" in problem


def test_keyboard(bad_page):
    problems = keyboard_problems(bad_page)

    assert problems[0].startswith("the first stop is not the skip link")
    assert "no visible focus: a first" in problems


def test_net(page):
    net = Net(page)
    page.goto("/apariencia/")
    page.evaluate("console.error('odd'); document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.2:9/x.png'}))")
    for _ in range(100):  # the browser tells of what it loaded when it gets to it
        page.wait_for_timeout(100)
        if net.bytes > 30_000 and any("127.0.0.2" in problem for problem in net.problems):
            break

    assert net.bytes > 30_000
    assert net.errors[0] == "odd"
    assert any("127.0.0.2" in problem for problem in net.problems)
