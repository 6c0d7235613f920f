"""Oscar's `get_class`, our rooms first.

Oscar's own loader imports its stock module before the fork's, so a fork that replaces a module (search without haystack)
would still load what it replaces. This one asks the fork, and falls back to stock Oscar.
"""

from importlib import import_module
from types import ModuleType

from oscar.core.loading import _find_registered_app_name, default_class_loader


def fork_first_loader(module_label: str, classnames: list[str], module_prefix: str) -> list[type]:
    app_name = _find_registered_app_name(module_label)
    if not app_name.startswith(f"{module_prefix}."):
        fork = _module(".".join([app_name, *module_label.split(".")[1:]]))
        if all(hasattr(fork, classname) for classname in classnames):
            return [getattr(fork, classname) for classname in classnames]
    return default_class_loader(module_label, classnames, module_prefix)


def _module(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name and name.startswith(missing.name):
            return None
        raise
