"""The tests' settings for programs that serve for long: connections are kept as they are on a server."""

from marketplace.settings.base import env
from tests.sample_jobs.settings import *  # noqa: F403
from tests.sample_jobs.settings import DATABASES

DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", 60), "CONN_HEALTH_CHECKS": True}
