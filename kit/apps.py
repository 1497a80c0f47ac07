from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "kit"
    verbose_name = "基础机制"

    def ready(self) -> None:
        from kit import checks  # noqa: F401
