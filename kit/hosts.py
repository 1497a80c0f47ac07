"""Where the platform is found: the address that codes carry and slips print."""

from urllib.parse import urlsplit

from django.conf import settings


def page_url(kind: str, token: str) -> str:
    """The address in a QR: `https://host/b/<token>`. Read case-insensitively."""
    return f"{settings.BASE_URL}/{kind}/{token}"


def domain() -> str:
    """The host as printed beside a code, so that a reader can see where it leads."""
    return urlsplit(settings.BASE_URL).netloc
