from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration: installed where it may be loaded, never in production."""

    name = "marketplace.demo"
    label = "demo"
