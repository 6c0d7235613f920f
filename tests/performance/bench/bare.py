"""The limit: a Django page of one query for 24 rows and one template, over our database."""

import os

import dj_database_url
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

ROWS = """
SELECT p.code, p.title, p.brand, min(s.price) FROM (SELECT * FROM catalogue_product ORDER BY id DESC LIMIT 24) p
LEFT JOIN partner_stockrecord s ON s.product_id = p.id GROUP BY p.code, p.title, p.brand
"""
PAGE = "<!doctype html><title>24</title>{% for row in rows %}<p>{% for cell in row %}<b>{{ cell }}</b> {% endfor %}</p>{% endfor %}"

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600)},
        ROOT_URLCONF=__name__,
        SECRET_KEY="only for the bench",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )


def page(request: HttpRequest) -> HttpResponse:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        rows = cursor.fetchall()
    return HttpResponse(_template().render({"rows": rows}))


def _template(kept: list = []):  # noqa: B006  compiled once per process
    if not kept:
        kept.append(engines["django"].from_string(PAGE))
    return kept[0]


urlpatterns = [path("24/", page)]
application = get_wsgi_application()
