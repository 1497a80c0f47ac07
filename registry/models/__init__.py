from .audit import PrivateView
from .catalogue import Product, ProductAlias, ProductCategory
from .devices import Device, DeviceButton
from .notices import Notice, NoticeDelivery
from .parties import Organisation
from .people import Account, ApiSession, Grant, SignInTicket
from .places import Market, Occupancy, Place, Stall, Store
from .reference import ReferenceSet
from .regions import Region
from .sourcing import Base, Supplier

__all__ = [
    "Account",
    "ApiSession",
    "Base",
    "Device",
    "DeviceButton",
    "Grant",
    "Market",
    "Notice",
    "NoticeDelivery",
    "Occupancy",
    "Organisation",
    "Place",
    "PrivateView",
    "Product",
    "ProductAlias",
    "ProductCategory",
    "ReferenceSet",
    "Region",
    "SignInTicket",
    "Stall",
    "Store",
    "Supplier",
]
