#!/usr/bin/env python
"""Runs management commands. What a command writes is recorded as done by the system, with its name as the reason."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.development")
    from django.core.management import execute_from_command_line

    from marketplace.kernel.acting import acting

    with acting(reason=f"manage.py {' '.join(sys.argv[1:2])}".strip()):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
