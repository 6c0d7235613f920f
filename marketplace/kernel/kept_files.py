"""Where uploads are kept: a file is there whole or not at all, also when the disk is full or the program is killed."""

import os
from pathlib import PurePosixPath
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class KeptFiles(FileSystemStorage):
    """Django's folder of files; each is written under a name of its own beside the one that it gets when it is whole."""

    def _save(self, name: str, content: File) -> str:
        part = str(PurePosixPath(name).with_name(f"{uuid4().hex}.part"))
        try:
            super()._save(part, content)  # type: ignore[misc]  # Django's own seam, which the stubs leave out
            return self._named(part, name)
        finally:
            self._forget(part)

    def _named(self, part: str, name: str) -> str:
        """The name that it got: this one, or another if somebody was faster."""
        while True:
            try:
                os.link(self.path(part), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name

    def _forget(self, part: str) -> None:
        try:
            self.delete(part)
        except OSError:  # read-only: nothing was written
            return
