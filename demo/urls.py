from django.urls import path

from demo import instrument, web

urlpatterns = [
    path("tour", web.tour_page, name="tour"),
    path("tour/codes.pdf", web.code_sheet, name="tour_codes"),
    path("desk/demo/instrument", instrument.page, name="demo_instrument"),
]
