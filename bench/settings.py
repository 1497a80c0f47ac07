"""The platform's settings, with the measurements' own addresses beside its own."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
