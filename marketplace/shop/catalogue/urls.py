from django.urls import re_path

from . import views

urlpatterns = [
    re_path(r"^catalogo/p/(?P<slug>[-\w]*?)-(?P<code>fn-\d+-\d)/$", views.ProductDetailView.as_view(), name="detail"),
]
