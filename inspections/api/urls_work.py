"""What the offline app asks and sends."""

from django.urls import path

from inspections.api import work

CLAIM = "work/claims/<uuid:claim_id>"

urlpatterns = [
    path("work/me", work.MeView.as_view(), name="api-work-me"),
    path("work/tasks", work.WorkView.as_view(), name="api-work"),
    path(CLAIM, work.StandingView.as_view(), name="api-work-standing"),
    path(f"{CLAIM}/arrivals", work.ArrivalsView.as_view(), name="api-work-arrivals"),
    path(f"{CLAIM}/photos", work.PhotosView.as_view(), name="api-work-photos"),
    path(f"{CLAIM}/draft", work.DraftView.as_view(), name="api-work-draft"),
    path(f"{CLAIM}/submissions", work.SubmissionsView.as_view(), name="api-work-submissions"),
]
