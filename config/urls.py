"""Every address of the platform. Each package lists its own pages and its own API."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path
from django.views.generic import RedirectView

from config import api_pages
from kit import health
from registry.web.signin import admin_sign_in

api = [
    path("", include("registry.api.urls")),
    path("", include("traceability.api.urls")),
    path("", include("inspections.api.urls")),
    path("schema/", api_pages.SchemaView.as_view(), name="api-schema"),
    path("docs/", api_pages.DocsView.as_view(), name="api-docs"),
    path("<path:nowhere>", api_pages.NoSuchAddress.as_view(), name="api-nowhere"),
]

admin.site.unregister(Group)  # what people may do is in registry.Grant

# Public pages come first: they are opened more than everything else together.
urlpatterns = [
    path("", include("traceability.web.urls")),
    path("", include("inspections.web.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("readyz/write", health.ready_to_write, name="readyz-write"),
    path("readyz/jobs", health.ready_for_jobs, name="readyz-jobs"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/login/", admin_sign_in, name="admin_sign_in"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password"), name="admin_password"),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api)),
    path("", include("registry.web.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("", include("demo.urls")))
