from inspections.api.urls_work import urlpatterns as work

urlpatterns = [*work]
