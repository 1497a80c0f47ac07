from registry.api.urls_people import urlpatterns as people

urlpatterns = [*people]
