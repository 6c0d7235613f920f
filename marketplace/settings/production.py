"""For a server that others reach: everything from the environment, behind a proxy that speaks HTTPS, without demonstration.

SECRET_KEY, DATABASE_URL, BASE_URL and ALLOWED_HOSTS must be said; what is missing is named at the start. A proxy that is not
named by TRUSTED_PROXY_HEADER is not believed when it says that the visitor came by HTTPS.
"""

from environs import Env

env = Env()
for name in ("SECRET_KEY", "DATABASE_URL", "BASE_URL", "ALLOWED_HOSTS"):  # before anything of ours is started
    env.str(name)

from .base import *  # noqa: E402

SECRET_KEY = env.str("SECRET_KEY")
BASE_URL = env.str("BASE_URL")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = (header, "https") if (header := env.str("TRUSTED_PROXY_HEADER", "")) else None

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = env.str("EMAIL_HOST", "localhost"), env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_USER", ""), env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
