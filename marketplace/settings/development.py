"""For a machine of one's own, and for the demonstration that `deploy/run.sh` starts."""

from .base import *
from .base import DATA, env
from .secrets import kept_secret

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(DATA)
