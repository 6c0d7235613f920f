"""What the web server runs for the peer: `granian --interface wsgi tests.stock_oscar.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.stock_oscar.site")

application = get_wsgi_application()
