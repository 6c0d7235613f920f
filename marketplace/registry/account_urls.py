"""allauth's pages at Spanish paths, under the names that allauth itself uses. Nobody registers alone: people are invited."""

from allauth.account import views
from django.urls import path, re_path
from django.views.generic import RedirectView

SIGN_IN = RedirectView.as_view(pattern_name="account_login", query_string=True)
FORGOTTEN = RedirectView.as_view(pattern_name="account_reset_password")

# where stock Oscar and Django have doors of their own: people, bookmarks and scanners find the one there is
STOCK_DOORS = [
    path("accounts/login/", SIGN_IN),
    path("accounts/register/", RedirectView.as_view(pattern_name="registry:invitation-door")),
    path("dashboard/login/", SIGN_IN),
    path("admin/login/", SIGN_IN),
    path("password-reset/", FORGOTTEN),
]
urlpatterns = [
    *STOCK_DOORS,
    path("cuenta/ingresar/", views.login, name="account_login"),
    path("cuenta/salir/", views.logout, name="account_logout"),
    path("cuenta/inactiva/", views.account_inactive, name="account_inactive"),
    path("cuenta/registro/", RedirectView.as_view(pattern_name="registry:invitation-door"), name="account_signup"),
    path("cuenta/confirmar/", views.reauthenticate, name="account_reauthenticate"),
    path("cuenta/correo/", RedirectView.as_view(pattern_name="registry:account"), name="account_email"),
    path("cuenta/contrasena/", views.password_change, name="account_change_password"),
    path("cuenta/contrasena/olvidada/", views.password_reset, name="account_reset_password"),
    path("cuenta/contrasena/olvidada/enviada/", views.password_reset_done, name="account_reset_password_done"),
    path("cuenta/contrasena/nueva/lista/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^cuenta/contrasena/nueva/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]
