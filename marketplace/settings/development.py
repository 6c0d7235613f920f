"""For a machine of one's own, and for the demonstration that `deploy/run.sh` starts."""

from .base import *
from .base import DATA, INSTALLED_APPS, env
from .secrets import kept_secret

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(DATA)

# people of the demonstration all have one known password: it can be loaded here and in tests, never in production
INSTALLED_APPS = [*INSTALLED_APPS, "marketplace.demo.apps.DemoConfig"]
