"""Addresses of the goods, by reader."""

from traceability.web.urls_codes import urlpatterns as codes
from traceability.web.urls_common import urlpatterns as common
from traceability.web.urls_public import urlpatterns as public

urlpatterns = [*public, *common, *codes]
