"""The platform's settings, with what only tests want on top."""

import os

from tests import servers

servers.ensure()

from config.settings import *  # noqa: E402, F403
from config.settings import BASE_DIR, DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES, VAR  # noqa: E402
from deploy.local import messages  # noqa: E402

messages.compile_all(BASE_DIR / "locale", VAR / "locale")

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")

INSTALLED_APPS += ["zeal"]
MIDDLEWARE.append("zeal.middleware.zeal_middleware")
ZEAL_RAISE = True
ZEAL_ALLOWLIST = [{"model": "sessions.Session"}]

DATABASES["default"]["OPTIONS"].pop("pool", None)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = VAR / "test" / f"media-{WORKER}"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": WORKER}}
CELERY_TASK_DEFAULT_QUEUE = f"test-{WORKER}"
BASE_URL = "http://testserver"
