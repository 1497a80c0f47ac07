from django.urls import path

from registry.api.session import SessionView

urlpatterns = [path("session", SessionView.as_view(), name="api-session")]
