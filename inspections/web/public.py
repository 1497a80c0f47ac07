"""The public page of a store 一店一码."""

from traceability.selectors.public_place import store_page
from traceability.web.public import public_page

store = public_page("d", store_page, "inspections/public/store.html")
