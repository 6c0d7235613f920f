from django.urls import path

from . import views

urlpatterns = [
    path("cuenta/avisos/", views.NoticesView.as_view(), name="notices"),
    path("cuenta/avisos/preferencias/", views.PreferencesView.as_view(), name="preferences"),
    path("cuenta/avisos/leidos/", views.NoticesReadView.as_view(), name="notices-read"),
    path("cuenta/avisos/<uuid:id_public>/leido/", views.NoticeReadView.as_view(), name="notice-read"),
]
