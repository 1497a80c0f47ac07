from .batches import Batch, Hold, HoldItem, StockMove
from .declarations import Declaration, Paper
from .devices import DeviceGap, DeviceMessage, SetAsideSale
from .events import Scan, TraceEvent
from .intakes import Intake, LineRefusal
from .rapid_tests import RapidTest
from .vouchers import Voucher, VoucherLine

__all__ = [
    "Batch",
    "Declaration",
    "DeviceGap",
    "DeviceMessage",
    "Hold",
    "HoldItem",
    "Intake",
    "LineRefusal",
    "Paper",
    "RapidTest",
    "Scan",
    "SetAsideSale",
    "StockMove",
    "TraceEvent",
    "Voucher",
    "VoucherLine",
]
