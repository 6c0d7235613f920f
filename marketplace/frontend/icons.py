"""Which icons the pages use, read from templates and from the code that names them; the sprite holds these and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ICON_ATTRIBUTE = re.compile(r"""(?<![:\w-])icon(?:-after)?=(?:"([^"]*)"|'([^']*)')""")
ICON_COMPONENT = re.compile(r"""<c-icon\b[^>]*?\sname="([^"]*)\"""")
ICON_TAG = re.compile(r"""{%\s*icon\s+["']([^"']+)["']""")
TEMPLATE_SYNTAX = re.compile(r"{[{%].*?[%}]}")
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", re.DOTALL)
POSITION_OF_ICON = {"NavigationEntry": 4, "Look": 1, "icon": 0, "drawn_icon": 0}
SHAPES = re.compile(r"<(?:path|circle|rect)[^>]*/>")
LONG_NUMBER = re.compile(r"(\.\d\d)\d+")


def names_in_template(source: str) -> Iterator[str]:
    """`icon="a"`, `<c-icon name="a">`, `{% icon "a" %}`; of a choice (`{% if … %}a{% else %}b{% endif %}`) both."""
    source = COMMENT.sub("", source)
    quoted = [double or single for double, single in ICON_ATTRIBUTE.findall(source)]
    for value in (*quoted, *ICON_COMPONENT.findall(source), *ICON_TAG.findall(source)):
        yield from TEMPLATE_SYNTAX.sub(" ", value).split()


def names_in_code(source: str) -> Iterator[str]:
    """Texts given as `icon`, by name or, where a class of ours takes an icon, by position."""
    for node in ast.walk(ast.parse(source)):
        for value in _icon_values(node):
            yield from (part.value for part in ast.walk(value) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def _icon_values(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.keyword) and node.arg == "icon":
        yield node.value
    elif isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        yield from node.args[POSITION_OF_ICON[name] :][:1] if name in POSITION_OF_ICON else ()


def names_used(files: list[Path]) -> dict[str, Path]:
    """Each icon's name, and one file that uses it."""
    used: dict[str, Path] = {}
    for file in files:
        find = names_in_code if file.suffix == ".py" else names_in_template
        for name in find(file.read_text()):
            used.setdefault(name, file)
    return used


def sprite(names: list[str], folder: Path) -> str:
    """`folder`: the icons as single files. Two decimals are plenty at the size of a letter."""
    symbols = (_symbol(name, (folder / f"{name}.svg").read_text()) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def _symbol(name: str, svg: str) -> str:
    shapes = "".join(SHAPES.findall(LONG_NUMBER.sub(r"\1", svg)))
    return f'<symbol id="{name}" viewBox="0 0 16 16">{shapes}</symbol>'
