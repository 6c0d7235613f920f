"""A secret key for a machine of one's own: made once, kept in the data folder, readable by its owner alone."""

import os
import secrets
from pathlib import Path


def kept_secret(data: Path) -> str:
    data.mkdir(parents=True, exist_ok=True)
    file = data / "secret_key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text()
    with os.fdopen(descriptor, "w") as new:
        new.write(secrets.token_urlsafe(50))
    return file.read_text()
