"""Addresses of the goods, by reader."""

from traceability.web.urls_cases import urlpatterns as cases
from traceability.web.urls_codes import urlpatterns as codes
from traceability.web.urls_common import urlpatterns as common
from traceability.web.urls_market import urlpatterns as market
from traceability.web.urls_places import urlpatterns as places
from traceability.web.urls_points import urlpatterns as points
from traceability.web.urls_public import urlpatterns as public
from traceability.web.urls_scales import urlpatterns as scales
from traceability.web.urls_standards import urlpatterns as standards
from traceability.web.urls_wholesale import urlpatterns as wholesale

urlpatterns = [*public, *common, *codes, *scales, *wholesale, *places, *market, *cases, *standards, *points]
