"""Facts found on these very versions, each held by a test (architecture, «Traps»)."""

import importlib.util
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import get_language_info, override
from oscar.core.loading import get_class, get_model

pytestmark = pytest.mark.trap

FORKS = ("catalogue", "partner", "basket", "order")


def test_the_shop_keeps_the_name_oscar():
    assert apps.get_app_config("oscar").name == "oscar"
    assert type(apps.get_app_config("oscar")).__name__ == "MarketplaceConfig"


def test_psycopg_3_is_not_importable():
    """Django would prefer it, and COPY and the stamp are written for psycopg2."""
    assert importlib.util.find_spec("psycopg") is None


@pytest.mark.parametrize("label", FORKS)
def test_a_fork_keeps_its_label_and_its_stock_migrations(label):
    assert apps.get_app_config(label).name == f"marketplace.shop.{label}"


def test_classes_come_from_our_rooms_first():
    assert get_class("partner.strategy", "Selector").__module__ == "marketplace.shop.partner.strategy"
    assert get_class("order.utils", "OrderCreator").__module__ == "marketplace.shop.order.utils"
    assert get_model("partner", "StockRecord").__module__ == "marketplace.shop.partner.models"
    assert get_class("partner.availability", "StockRequired").__module__ == "oscar.apps.partner.availability"


def test_haystack_is_never_loaded():
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'marketplace.settings.test'; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns; print('haystack' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_there_is_one_search_app_and_it_is_ours():
    assert apps.get_app_config("search").name == "search"


def test_no_price_of_oscars_has_two_decimals():
    """A basket line stored 0.34 for 0.335 there."""
    short = [
        f"{model._meta.label}.{field.name}"
        for label in FORKS
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.DecimalField) and type(field).__name__ == "DecimalField" and not field.name.endswith("percent")
    ]
    assert short == []


def test_nothing_that_belongs_to_an_order_goes_with_it():
    order_models = list(apps.get_app_config("order").get_models())
    keys = [
        (model._meta.label, field.name, field.remote_field.on_delete)
        for model in order_models
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.related_model in {*order_models, *_what_orders_point_to()}
    ]
    loose = [(label, name) for label, name, on_delete in keys if on_delete is not models.PROTECT]
    # Oscar's event types are its own configuration; a payment event's shipping event is both's own row
    assert set(loose) <= {
        ("order.PaymentEvent", "event_type"),
        ("order.PaymentEvent", "shipping_event"),
        ("order.PaymentEventQuantity", "event"),
        ("order.PaymentEventQuantity", "line"),
        ("order.ShippingEvent", "event_type"),
    }


def _what_orders_point_to():
    names = ("partner.Partner", "partner.StockRecord", "catalogue.Product", "registry.User", "basket.Basket")
    return {apps.get_model(name) for name in names}


def test_alerts_do_not_send_mail_on_each_save():
    assert settings.OSCAR_EAGER_ALERTS is False


def test_the_currency_is_ours():
    assert get_model("partner", "StockRecord")._meta.get_field("price_currency").get_default() == "USD"


def test_no_stock_oscar_page_stays_reachable():
    reachable = []

    def walk(patterns, namespace):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, pattern.namespace or namespace)
            elif isinstance(pattern, URLPattern):
                module = getattr(getattr(pattern.callback, "view_class", pattern.callback), "__module__", "")
                if module.startswith("oscar."):
                    reachable.append(f"{namespace}:{pattern.name}")

    walk(get_resolver().url_patterns, "")
    assert reachable == []


@pytest.mark.parametrize("path", ["/", "/catalogo/", "/catalogo/buscar/?q=papel", "/cuenta/ingresar/"])
def test_pages_answer_where_kichwa_is_spoken_too(client, db, settings, path):
    """Django's own list of languages lacks it, and Oscar's pages fail on that."""
    settings.LANGUAGES = [*settings.LANGUAGES, ("qu", "Kichwa")]

    assert get_language_info("qu")["name_local"] == "Kichwa"
    with override("qu"):
        assert client.get(path, headers={"accept-language": "qu"}).status_code == 200


def test_djangos_admin_is_not_installed():
    assert not apps.is_installed("django.contrib.admin")


def test_no_migration_of_ours_needs_an_extension():
    """The embedded PostgreSQL has plpgsql and vector only: no unaccent, no trigrams, no ICU."""
    ours = [
        path
        for top in ("marketplace", "framework_agreements", "catalog_import", "search", "cms")
        for path in (settings.ROOT / top).rglob("migrations/0*.py")
    ]
    assert [path.name for path in ours if "xtension(" in path.read_text() or "CREATE EXTENSION" in path.read_text()] == []


def test_the_sheets_table_bears_only_the_indexes_that_are_asked(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'catalogue_product' ORDER BY 1")
        names = [row[0] for row in cursor.fetchall()]
    assert names == [
        "catalogue_by_name",
        "catalogue_name_words",
        "catalogue_product_code_key",
        "catalogue_product_gtin_key",
        "catalogue_product_pkey",
    ]
