"""For tests: an embedded cluster of their own that need not survive a power cut, mail and media in memory, cheap hashes."""

import os
from pathlib import Path

from .embedded import EmbeddedPostgres, data_folder

ROOT = Path(__file__).resolve().parent.parent.parent
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n"

os.environ["SOCE_DATA"] = str(data_folder(ROOT, os.environ.get("SOCE_TEST_DATA", "")) / "tests")
if not os.environ.get("DATABASE_URL"):
    cluster = EmbeddedPostgres(Path(os.environ["SOCE_DATA"]), FAST)
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url()

from .base import *  # noqa: E402

SECRET_KEY = "only for tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
INSTALLED_APPS += ["marketplace.demo.apps.DemoConfig"]
HELP_FRESH_FOR = 24 * 3600  # counted queries are the same whenever they are counted
SEARCH_PATIENCE = 10_000  # a machine on which much else is tested is no dead engine
