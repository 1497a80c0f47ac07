"""Django's settings. What may differ between machines comes from `config.env`."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config import databases, logs, security
from config.api import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from config.env import read
from config.jobs import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = read()

DEBUG = ENV.debug
DEMO = ENV.demo
PRODUCTION = ENV.production
SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = ENV.secret_key_fallbacks
FIELD_KEYS = ENV.field_keys
BLIND_INDEX_KEY = ENV.blind_index_key
ALLOWED_HOSTS = ENV.allowed_hosts
BASE_URL = ENV.base_url
TRUSTED_PROXIES = ENV.trusted_proxies
METRICS_TOKEN = ENV.metrics_token
NOTICE_CHANNELS = ENV.notice_channels
VAR = ENV.var

INSTALLED_APPS = [
    *([] if PRODUCTION else ["demo"]),
    "inspections",
    "traceability",
    "registry",
    "kit",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "simple_history",
    "axes",
    "csp",
    "django_prometheus",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "kit.logging.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kit.languages.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "registry.web.actors.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
    "kit.problems.RefusalMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.frames.frame",
            ],
        },
    }
]

DATABASES = databases.databases(ENV)
DATABASE_ROUTERS = ["config.databases.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "kit.cache.ValkeyOrDatabase",
        "LOCATION": ENV.cache_url,
        "OPTIONS": {"table": "cache_entries"},
    }
}

AUTH_USER_MODEL = "registry.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "registry.backends.NameOrPhone"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", VAR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "registry.api.auth.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["registry.api.auth.SignedIn", "registry.api.auth.HasRole"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kit.drf.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "kit.drf.CursorPagination",
    "EXCEPTION_HANDLER": "kit.drf.exception_handler",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "kit.openapi.Schema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# What the desk's search box asks, in the order shown.
SEARCH_SOURCES = [
    "registry.web.search.places",
    "registry.web.search.people",
    "registry.web.search.organisations",
    "registry.web.search.suppliers",
    "registry.web.search.markets",
    "traceability.web.search.plates",
]

LOGGING = logs.logging(ENV)
globals().update(security.settings(ENV))
