from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo district. Not installed in production."""

    name = "demo"
    verbose_name = "演示"
