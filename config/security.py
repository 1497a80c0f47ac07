"""Headers, cookies and lock-out; stricter where the platform faces the public."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from config.env import Environment
from kit.csp import style_hash

PUBLIC = Path(__file__).resolve().parent.parent / "templates" / "public"
PUBLIC_STYLE, SCREEN_STYLE = PUBLIC / "_css.html", PUBLIC / "_screen_css.html"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF, style_hash(PUBLIC_STYLE), style_hash(SCREEN_STYLE)],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}


def settings(env: Environment) -> dict[str, Any]:
    return {**ALWAYS, **(PRODUCTION if env.production else {})}


ALWAYS: dict[str, Any] = {
    "CONTENT_SECURITY_POLICY": CONTENT_SECURITY_POLICY,
    "X_FRAME_OPTIONS": "DENY",
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "SECURE_REFERRER_POLICY": "same-origin",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_AGE": 14 * 24 * 3600,
    "CSRF_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_SAMESITE": "Lax",
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 2 * 1024 * 1024,
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": 2000,
    "AXES_VERBOSE": False,
    "AXES_FAILURE_LIMIT": 5,
    "AXES_COOLOFF_TIME": timedelta(minutes=15),
    "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
    "AXES_RESET_ON_SUCCESS": True,
    "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
    "AXES_DISABLE_ACCESS_LOG": True,
    "AXES_ENABLE_ADMIN": False,
    "AXES_USERNAME_CALLABLE": "registry.lockout.attempt_name",
    "AXES_LOCKOUT_CALLABLE": "registry.lockout.locked_out",
    "AXES_CLIENT_IP_CALLABLE": "kit.addresses.client_address",
    "AXES_SENSITIVE_PARAMETERS": ["username", "ip_address", "next"],
}

PRODUCTION: dict[str, Any] = {
    "SESSION_COOKIE_NAME": "__Host-session",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "CSRF_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_REDIRECT_EXEMPT": [r"^healthz$", r"^readyz", r"^metrics$"],
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
}
