"""Settings that hold everywhere. Whatever differs between machines comes from environment variables."""

from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.conf.locale import LANG_INFO
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from environs import Env, validate
from oscar.defaults import *

from .embedded import data_folder, embedded_database_url

env = Env()
ROOT = Path(__file__).resolve().parent.parent.parent
DATA = data_folder(ROOT, env.str("SOCE_DATA", ""))

# ---------------------------------------------------------------- who we are
SECRET_KEY = env.str("SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000")
SITE_ID = 1
VERSION = "0.1.0"
SITE_NAME = "Compras Públicas"
CURRENCY = OSCAR_DEFAULT_CURRENCY = "USD"
CURRENCIES = (CURRENCY,)

INSTALLED_APPS = [
    # our mechanisms
    "marketplace.kernel.history.apps.HistoryConfig",
    "marketplace.kernel.jobs.apps.JobsConfig",
    "marketplace.kernel.events.apps.EventsConfig",
    "marketplace.kernel.limits.apps.LimitsConfig",
    "marketplace.kernel.screens.apps.ScreensConfig",
    # people and agreements
    "marketplace.registry.apps.RegistryConfig",
    "framework_agreements.apps.FrameworkAgreementsConfig",
    # the shop: Oscar's apps that we fork (same label), our own beside them, and those that Oscar's models need
    "marketplace.apps.MarketplaceConfig",
    "marketplace.shop.catalogue.apps.CatalogueConfig",
    "marketplace.shop.partner.apps.PartnerConfig",
    "marketplace.shop.basket.apps.BasketConfig",
    "marketplace.shop.requisition.apps.RequisitionConfig",
    "marketplace.shop.order.apps.OrderConfig",
    "marketplace.shop.fulfilment.apps.FulfilmentConfig",
    "marketplace.shop.invoicing.apps.InvoicingConfig",
    "marketplace.shop.payment.apps.PaymentConfig",
    "marketplace.shop.customer.apps.CustomerConfig",
    "marketplace.shop.dashboard.apps.DashboardConfig",
    "search.apps.SearchConfig",
    "catalog_import.apps.CatalogImportConfig",
    "marketplace.shop.stock.AddressConfig",
    "marketplace.shop.stock.AnalyticsConfig",
    "marketplace.shop.communication.apps.CommunicationConfig",
    "marketplace.shop.stock.OfferConfig",
    "marketplace.shop.stock.ReviewsConfig",
    "marketplace.shop.stock.VoucherConfig",
    "treebeard",
    # the portal
    "cms.apps.CmsConfig",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    # accounts
    "allauth",
    "allauth.account",
    "rules",
    # frameworks
    "django_cotton.apps.SimpleAppConfig",
    "django_tasks",
    "djmoney",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.forms",  # its templates of controls, under ours
    "django.contrib.flatpages",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sites",
    "django.contrib.staticfiles",
]
OSCAR_DYNAMIC_CLASS_LOADER = "marketplace.kernel.oscar_loading.fork_first_loader"
OSCAR_EAGER_ALERTS = False
SILENCED_SYSTEM_CHECKS = ["auth.W004", "fields.W342"]  # one person per e-mail is a constraint over its lower case

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "marketplace.registry.middleware.ActingMiddleware",
    "marketplace.shop.partner.middleware.StrategyMiddleware",
    "cms.middleware.EditorMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
ABSOLUTE_URL_OVERRIDES = {"catalogue.category": lambda category: reverse("search:category", args=[category.slug])}

# ---------------------------------------------------------------- database: a configured server, or the embedded one
DATABASES = {"default": dj_database_url.parse(env.str("DATABASE_URL", "") or embedded_database_url(DATA))}
DATABASES["default"] |= {
    "ENGINE": "marketplace.kernel.history.postgresql",
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", 60),
    "CONN_HEALTH_CHECKS": True,
}
CONN_WAIT = env.int("CONN_WAIT", 10)  # seconds for which a request waits while the server has no connection left
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---------------------------------------------------------------- background work
TASKS = {"default": {"BACKEND": "marketplace.kernel.jobs.backend.JobBackend"}}
CELERY_BROKER_URL = env.str("REDIS_URL", "")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True

# ---------------------------------------------------------------- what processes share: counted tries of signing in
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CELERY_BROKER_URL}
    if CELERY_BROKER_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# ---------------------------------------------------------------- languages, time, numbers
LANGUAGE_CODE = "es"
LANG_INFO.setdefault("qu", {"bidi": False, "code": "qu", "name": "Kichwa", "name_local": "Kichwa"})  # Django does not know it
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "marketplace" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Guayaquil"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["marketplace.settings.formats"]

# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = ["marketplace.registry.adapter.SignInBackend", "rules.permissions.ObjectPermissionBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "registry:start"
ACCOUNT_FORMS = {
    "login": "marketplace.registry.sign_in_forms.SignInForm",
    "reset_password": "marketplace.registry.sign_in_forms.PasswordForgottenForm",
}
ACCOUNT_ADAPTER = "marketplace.registry.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,5/300s/key"}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# ---------------------------------------------------------------- pages
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "marketplace" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "marketplace.kernel.screens.templatetags.screens",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "marketplace.frame.frame",
            ],
        },
    }
]
COTTON_DIR = "components"
COTTON_ISOLATE_BY_DEFAULT = True  # a component knows its attributes and what the frame gives to all, nothing else
FORM_RENDERER = "marketplace.kernel.screens.renderer.FieldRenderer"
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "marketplace" / "frontend" / "dist"]
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "marketplace.kernel.kept_files.KeptFiles"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# ---------------------------------------------------------------- the portal's editor
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no request to another host
WAGTAIL_USER_TIME_ZONES = ["America/Guayaquil", "Pacific/Galapagos"]
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_FRONTEND_LOGIN_URL = WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "txt", "xlsx"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
HELP_FRESH_FOR = 60  # s: how old the help texts that a process keeps may become
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# ---------------------------------------------------------------- search
SEARCH_ENGINE = env.str("SEARCH_ENGINE", "elasticsearch" if env.str("ELASTICSEARCH_URL", "") else "tantivy")
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", "")
SEARCH_INDEX_PREFIX = env.str("SEARCH_INDEX_PREFIX", "soce")
SEARCH_FOLDER = DATA / "search"
SEARCH_PATIENCE = env.int("SEARCH_PATIENCE", 600)  # milliseconds that a page waits for the engine, before PostgreSQL answers it

# ---------------------------------------------------------------- the entity's finance system, which pays
FINANCE_GATEWAY_URL = env.str("FINANCE_GATEWAY_URL", "")
FINANCE_GATEWAY_SECRET = env.str("FINANCE_GATEWAY_SECRET", "")  # signs both ways; without one nothing is believed
FINANCE_GATEWAY_TIMEOUT = env.int("FINANCE_GATEWAY_TIMEOUT", 5)  # seconds

# ---------------------------------------------------------------- safety
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "marketplace.failures.form_from_elsewhere"

# ---------------------------------------------------------------- mail

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_TIMEOUT = 10  # s: a mail server that is silent holds up no other letter
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Compras Públicas <no-responder@compras.example>")
DIGEST_HOUR = env.int("DIGEST_HOUR", 7, validate=validate.Range(0, 23))  # local; when the daily letters of notices leave
