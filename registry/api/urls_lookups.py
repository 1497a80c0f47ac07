from django.urls import path

from registry.api import lookups

urlpatterns = [
    path("products", lookups.ProductsView.as_view(), name="api-products"),
    path("regions", lookups.RegionsView.as_view(), name="api-regions"),
    path("places", lookups.PlacesView.as_view(), name="api-places"),
    path("suppliers", lookups.SuppliersView.as_view(), name="api-suppliers"),
    path("bases", lookups.BasesView.as_view(), name="api-bases"),
]
