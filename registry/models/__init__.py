from .audit import PrivateView
from .catalogue import Product, ProductAlias, ProductCategory
from .devices import Device, DeviceButton
from .notices import Notice
from .parties import Organisation
from .people import Account, Grant, SignInTicket
from .places import Market, Occupancy, Place, Stall, Store
from .regions import Region
from .sourcing import Base, Supplier

__all__ = [
    "Account",
    "Base",
    "Device",
    "DeviceButton",
    "Grant",
    "Market",
    "Notice",
    "Occupancy",
    "Organisation",
    "Place",
    "PrivateView",
    "Product",
    "ProductAlias",
    "ProductCategory",
    "Region",
    "SignInTicket",
    "Stall",
    "Store",
    "Supplier",
]
