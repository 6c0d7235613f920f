"""Stock django-oscar as a site that is served: what its documentation adds to the settings of the races."""

import os

from .settings import *  # noqa: F403
from .settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "sorl.thumbnail"]
MIDDLEWARE = [
    *MIDDLEWARE,
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
TEMPLATES[0]["OPTIONS"]["context_processors"] += [
    "oscar.apps.search.context_processors.search_form",
    "oscar.apps.checkout.context_processors.checkout",
    "oscar.apps.communication.notifications.context_processors.notifications",
    "oscar.core.context_processors.metadata",
]
DATABASES["default"]["CONN_MAX_AGE"] = 600  # as ours: persistent connections
ALLOWED_HOSTS = ["127.0.0.1"]
STATIC_URL, MEDIA_URL = "/static/", "/media/"
MEDIA_ROOT = os.path.join(os.environ.get("SOCE_DATA", ""), "media")  # noqa: PTH118  where the picture of pictureless products is
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"oscar": {"handlers": [], "level": "CRITICAL"}}}
WSGI_APPLICATION = "tests.stock_oscar.wsgi.application"
LANGUAGE_CODE = "en"
