"""Pages in a real browser: a live site over a database of its own, and what is asserted of every page.

Each `…_problems` answers with a list of sentences; an empty list is a pass.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread

from marketplace.frontend.build import NODE_MODULES, build
from marketplace.registry.middleware import SESSION_KEY as CHOSEN_MEMBERSHIP

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver has an event loop in the tests' thread

HOST = "127.0.0.1"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
PAPER = {"width": 688, "height": 1000}  # A4 between its margins
NARROWEST = 320  # 1280 at a zoom of 400 %
BY_LOOK = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")  # by colours and width
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# ---------------------------------------------------------------- fixtures
@pytest.fixture(scope="session")
def browser(pytestconfig):
    """The system's Chromium. On a build machine it must be there."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=BROWSER_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def frontend() -> None:
    """Styles, icons and script as the sources have them now."""
    build()


@contextmanager
def served() -> Iterator[str]:
    """The address of a running site over the database of now."""
    server = LiveServerThread(HOST, StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://{HOST}:{server.port}"
    server.terminate()


@pytest.fixture
def live_site(own_database, frontend) -> Iterator[str]:
    """The address of a running site; what a test commits, it sees."""
    with served() as address:
        yield address


@pytest.fixture
def new_page(browser, live_site) -> Iterator[Callable]:
    """`new_page(viewport=PHONE, color_scheme="dark", java_script_enabled=False)`: a page in a context of its own."""
    contexts = []

    def make(**options):
        context = browser.new_context(**{"base_url": live_site, "viewport": DESKTOP, "locale": "es-EC"} | options)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    return new_page()


class Visitor:
    """One page in one context for many visits: a new one for each costs more than the visit.

    Nothing moves in it, so that a colour is judged and not its way to another.
    """

    def __init__(self, browser, address: str) -> None:
        self._context = browser.new_context(base_url=address, locale="es-EC", reduced_motion="reduce")
        self.page = self._context.new_page()
        self.net = Net(self.page)

    def open(self, path: str, membership=None):
        """As somebody, or as a visitor; wide and light."""
        self.net.begin()
        self.page.set_viewport_size(DESKTOP)
        self.page.emulate_media(media="screen", color_scheme="light")
        self._context.clear_cookies()
        if membership is not None:
            sign_in(self.page, membership)
        return self.page.goto(path)

    def close(self) -> None:
        self._context.close()


# ---------------------------------------------------------------- acting
def sign_in(page, membership) -> None:
    """Act in this membership from the next page on. How one signs in is tested where it belongs."""
    session = SessionStore()
    session[SESSION_KEY] = str(membership.user_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = membership.user.get_session_auth_hash()
    session[CHOSEN_MEMBERSHIP] = membership.pk
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "domain": HOST, "path": "/"}
    page.context.add_cookies([cookie])


def screenshot(page, name: str) -> Path:
    """The whole page, into the folder that SCREENSHOTS names."""
    folder = Path(os.environ.get("SCREENSHOTS") or Path(tempfile.gettempdir()) / "soce-screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.png"
    page.screenshot(path=file, full_page=True)
    return file


# ---------------------------------------------------------------- asserting
def axe_problems(page, *rules: str) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA; or against some rules of it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
    return list(page.evaluate(AXE, only))


@cache
def axe() -> str:
    return (NODE_MODULES / "axe-core" / "axe.min.js").read_text()


AXE = """async (only) => (await axe.run({runOnly: only, resultTypes: ['violations']})).violations
  .map(rule => rule.id + ': ' + rule.nodes.map(node => node.html).slice(0, 3).join('  '))"""


def page_problems(page) -> list[str]:
    """All of it on one page as it stands: wide and light, then at 320 px, then dark on a phone."""
    problems = landmark_problems(page) + axe_problems(page) + reflow_problems(page)
    if not page.locator("[autofocus], .error-summary").count():  # these take the focus from the start
        problems += keyboard_problems(page)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    return problems + [f"dark, {PHONE['width']} px: {problem}" for problem in axe_problems(page, *BY_LOOK)]


def reflow_problems(page, width: int = NARROWEST) -> list[str]:
    """Nothing makes the page scroll sideways. Names the elements that stick out furthest."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 700})
    out = page.evaluate(STICKING_OUT)
    page.set_viewport_size(before)
    return [f"at {width} px the page is {out['page']} px wide: {out['elements']}"] if out["page"] > width else []


STICKING_OUT = """() => {
  const width = innerWidth, page = document.documentElement.scrollWidth;
  const cuts = e => /(auto|scroll|hidden|clip)/.test(getComputedStyle(e).overflowX);
  const scrolls = e => e && e !== document.body && (cuts(e) || scrolls(e.parentElement));
  const elements = [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > width + 1 && !scrolls(e.parentElement))
    .map(e => `${e.tagName.toLowerCase()}.${e.getAttribute('class')} ${Math.round(e.getBoundingClientRect().right)}`);
  return {page, elements: elements.slice(0, 5)};
}"""


def keyboard_problems(page, most: int = 250) -> list[str]:
    """By Tab alone: first the skip link, each stop visible with a visible focus, and no trap."""
    problems = []
    page.evaluate(FROM_THE_START)
    page.evaluate(NOTE_STOPS)
    stops = _tab_stops(page, most)
    if not stops or not stops[0]["href"].startswith("#"):
        problems.append(f"the first stop is not the skip link: {stops[:1]}")
    if len(stops) == most:
        problems.append(f"{most} stops and no end: a trap")
    problems += [f"focus on something invisible: {stop['name']}" for stop in stops if not stop["is_visible"]]
    return problems + [f"no visible focus: {stop['name']}" for stop in stops if not stop["has_ring"]]


FROM_THE_START = "() => { const b = document.body; b.tabIndex = -1; b.focus(); b.removeAttribute('tabindex'); scrollTo(0, 0); }"


def _tab_stops(page, most: int) -> list[dict]:
    """Until the focus leaves the page, or comes to an element again; the page itself notes each stop."""
    for _ in range(0, most, TABS_AT_ONCE):
        for _ in range(TABS_AT_ONCE):
            page.keyboard.press("Tab")
        if page.evaluate("window.itsStops.isOver"):
            break
    page.evaluate("document.activeElement?.blur()")  # the skip link, when it has come round, covers what is beneath
    return page.evaluate("window.itsStops.list")[:most]


TABS_AT_ONCE = 10
NOTE_STOPS = """() => {
  window.itsStops?.end();
  const seen = new Set(), stops = {list: [], isOver: false, end: () => document.removeEventListener('focusin', note)};
  const note = event => {
    const e = event.target;
    if (seen.has(e)) stops.isOver = true;
    if (stops.isOver) return;
    seen.add(e);
    const box = e.getBoundingClientRect(), look = getComputedStyle(e);
    stops.list.push({
      name: `${e.tagName.toLowerCase()} ${(e.getAttribute('aria-label') || e.innerText || e.name || '').trim().slice(0, 40)}`,
      href: e.getAttribute('href') || '',
      is_visible: box.width > 1 && box.height > 1 && look.visibility === 'visible' && look.opacity !== '0',
      has_ring: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0 || look.boxShadow !== 'none',
    });
  };
  document.addEventListener('focusin', note);
  window.itsStops = stops;
}"""


def landmark_problems(page) -> list[str]:
    """One language, one main part, one first heading, headings in steps, unique ids, no page that reloads itself."""
    return page.evaluate(LANDMARKS)


LANDMARKS = """() => {
  const problems = [], all = s => [...document.querySelectorAll(s)];
  const need = (n, what) => n === 1 || problems.push(`${n} ${what}`);
  if (!document.documentElement.lang) problems.push('no language');
  if (!document.title.includes('SOCE')) problems.push(`title: ${document.title}`);
  need(all('main, [role=main]').length, 'main landmarks');
  need(all('h1').length, 'h1');
  if (all('meta[http-equiv=refresh]').length) problems.push('the page reloads itself');
  const levels = all('h1, h2, h3, h4').map(h => Number(h.tagName[1]));
  levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) problems.push(`h${level} after h${levels[i - 1]}`); });
  const ids = all('[id]').map(e => e.id), twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  if (twice.length) problems.push(`ids that stand twice: ${twice}`);
  const styled = all('[style]').filter(e => e.getAttribute('style')); // taking a screenshot leaves empty ones
  if (styled.length) problems.push(`style attributes: ${styled.slice(0, 3).map(e => e.outerHTML.slice(0, 120))}`);
  return problems;
}"""


class Net:
    """What a page loads and complains of. Attach it before the first `goto`; `begin` again for another page.

    `bytes`: of all that the page shows, also of what came with an earlier one and was kept.
    """

    def __init__(self, page) -> None:
        self._sizes: dict[str, int] = {}
        self.begin()
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._failed)
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _failed(self, request) -> None:
        """What the browser itself gave up, because somebody went on to the next page, is no complaint."""
        if request.failure != "net::ERR_ABORTED":
            self.errors.append(f"failed: {request.url}")

    def begin(self) -> None:
        self._asked: set[str] = set()
        self.foreign: list[str] = []
        self.errors: list[str] = []

    @property
    def bytes(self) -> int:
        return sum(self._sizes.get(url, 0) for url in self._asked)

    @property
    def problems(self) -> list[str]:
        return [f"asked another host: {url}" for url in self.foreign] + self.errors

    def _finished(self, request) -> None:
        if not request.url.startswith(("data:", "blob:")) and urlsplit(request.url).hostname != HOST:
            self.foreign.append(request.url)
        self._asked.add(request.url)
        self._sizes[request.url] = max(self._sizes.get(request.url, 0), request.sizes()["responseBodySize"])
