from django.urls import path

from demo import web

urlpatterns = [
    path("tour", web.tour_page, name="tour"),
    path("tour/codes.pdf", web.code_sheet, name="tour_codes"),
]
