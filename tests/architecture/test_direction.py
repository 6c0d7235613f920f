"""What import-linter cannot see: names in strings that point up, signals that carry business, work started on commit."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TOP = 99
HEIGHT = {
    "marketplace/kernel": 0,
    "marketplace/registry": 1,
    "marketplace/shop/catalogue": 2,
    "framework_agreements": 3,
    "marketplace/shop/partner": 4,
    "search": 5,
    "catalog_import": 5,
    "marketplace/shop": 6,
    "cms": 8,
    "marketplace/demo": 8,
    "marketplace": TOP,
}
ROOM_OF_LABEL = {
    "registry": "marketplace/registry",
    "catalogue": "marketplace/shop/catalogue",
    "framework_agreements": "framework_agreements",
    "partner": "marketplace/shop/partner",
    "search": "search",
    "catalog_import": "catalog_import",
    "cms": "cms",
} | dict.fromkeys(
    ("basket", "requisition", "order", "fulfilment", "invoicing", "payment", "dashboard", "customer"), "marketplace/shop"
)
NAMES_A_LABEL = {
    "get_model",
    "get_class",
    "get_classes",
    "ForeignKey",
    "OneToOneField",
    "ManyToManyField",
    "reverse",
    "reverse_lazy",
    "redirect",
    "resolve_url",
}
NAMES_A_LABEL_BY_WORD = {"to", "pattern_name"}
SOURCES = [
    path
    for top in ("marketplace", "framework_agreements", "catalog_import", "search", "cms")
    for path in sorted((ROOT / top).rglob("*"))
    if path.suffix in {".py", ".html", ".txt"} and not {"migrations", "node_modules", "dist"} & set(path.parts)
]


def room_of(path: Path) -> str:
    name = path.relative_to(ROOT).as_posix()
    return max((room for room in HEIGHT if name.startswith(f"{room}/")), key=len)


def labels_in_python(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            for name in names_said(node):
                label = re.match(r"([a-z_]+)(?:[.:]|$)", name)
                if label:
                    yield node.lineno, label.group(1)


def names_said(call: ast.Call) -> Iterator[str]:
    """The strings of a call that may name a label: its first argument, and the words that do."""
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if function in NAMES_A_LABEL and call.args and isinstance(call.args[0], ast.Constant):
        yield str(call.args[0].value)
    for word in call.keywords:
        if word.arg in NAMES_A_LABEL_BY_WORD and isinstance(word.value, ast.Constant):
            yield str(word.value.value)


def labels_in_template(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for label in re.findall(r"""{%\s*url\s+['"]([a-z_]+):|{%\s*load\s+([a-z_]+)""", line):
            yield number, "".join(label)


def pointing_up(paths) -> list[str]:
    found = []
    for path in paths:
        labels = labels_in_python(path) if path.suffix == ".py" else labels_in_template(path)
        for line, label in labels:
            target = ROOM_OF_LABEL.get(label)
            if target and HEIGHT[target] > HEIGHT[room_of(path)]:
                found.append(f"{path.relative_to(ROOT)}:{line} names {label}")
    return found


def test_no_string_points_up():
    assert pointing_up(SOURCES) == []


def test_the_search_finds_what_points_up(tmp_path, monkeypatch):
    """The test above can fail."""
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    room = tmp_path / "marketplace/registry/templates"
    room.mkdir(parents=True)
    (room / "a.html").write_text("""<a href="{% url 'order:order' 1 %}">""")
    (room / "b.html").write_text("""{% load basket %}""")
    said = [
        'reverse_lazy("basket:summary")',
        'get_model("order", "Order")',
        'apps.get_model("order.Order")',
        'redirect("order:orders")',
        'ForeignKey(to="order.Order")',
        'RedirectView.as_view(pattern_name="partner:listings")',
        'get_class("basket.models", "X")',
    ]
    (room.parent / "c.py").write_text("\n".join(said))

    found = pointing_up([room / "a.html", room / "b.html", room.parent / "c.py"])

    assert found[:2] == [
        "marketplace/registry/templates/a.html:1 names order",
        "marketplace/registry/templates/b.html:1 names basket",
    ]
    assert [line.split(":")[1] for line in found[2:]] == [
        "1 names basket", "2 names order", "3 names order", "4 names order", "5 names order", "6 names partner", "7 names basket",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("forbidden", "allowed_in"),
    [
        (r"\bon_commit\b", set()),
        (r"\b(post_save|pre_save|post_delete|pre_delete|m2m_changed)\b", set()),
        (r"\bpost_migrate\b", {"marketplace/kernel/history/apps.py", "cms/apps.py"}),
        (r"\bfloat\(", {"marketplace/frontend/build.py"}),
        (r"style=\"", {"marketplace/shop/communication/mail.py"}),
    ],
    ids=["work started on commit", "signals that carry business", "migration hooks", "floats", "inline styles"],
)
def test_is_not_used(forbidden, allowed_in):
    found = {path.relative_to(ROOT).as_posix() for path in SOURCES if re.search(forbidden, path.read_text(encoding="utf-8"))}
    assert found - allowed_in == set()


def test_no_file_is_too_long():
    too_long = {path.name: lines for path in SOURCES if (lines := path.read_text(encoding="utf-8").count("\n")) > 500}
    assert too_long == {}


def test_every_room_tells_what_it_holds():
    rooms = {path.parent for path in SOURCES if path.name == "apps.py"} - {ROOT / "marketplace", ROOT / "marketplace/shop/customer"}
    missing = [room.relative_to(ROOT).as_posix() for room in rooms if not (room / "README.md").exists()]
    long = [
        room.relative_to(ROOT).as_posix()
        for room in rooms
        if (room / "README.md").exists() and (room / "README.md").read_text().count("\n") > 40
    ]
    assert (sorted(missing), long) == ([], [])
