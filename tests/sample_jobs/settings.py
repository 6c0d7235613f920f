from marketplace.settings.test import *  # noqa: F403
from marketplace.settings.test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.sample_jobs.apps.SampleJobsConfig"]
