"""Sheets of codes to print."""

from django.urls import path

from traceability.web import code_sheets

urlpatterns = [
    path("desk/market/codes", code_sheets.code_sheet, name="code_sheet"),
]
