from .batches import Batch, Hold, HoldItem, StockMove
from .cases import CasePhoto, CaseStep, Disposal, LabReport, PositiveCase
from .declarations import Declaration, Paper
from .devices import DeviceGap, DeviceMessage, SetAsideSale
from .evaluation import BackTrace, BackTraceNode, BlindSample, PlanLine, Policy
from .events import Scan, TraceEvent
from .intakes import Intake, LineRefusal
from .rapid_tests import InstrumentReading, RapidTest, ReadingTie, Sample, SheetImport
from .recalls import Recall, RecallItem, RecallNotice, RecallRequest, RecallStep
from .test_points import PointInstrument, PointStaff, TestKit, TestPoint
from .test_standards import TestItem, TestLimit, TestMethod
from .vouchers import Voucher, VoucherLine

__all__ = [
    "BackTrace",
    "BackTraceNode",
    "Batch",
    "BlindSample",
    "CasePhoto",
    "CaseStep",
    "Declaration",
    "DeviceGap",
    "DeviceMessage",
    "Disposal",
    "Hold",
    "HoldItem",
    "InstrumentReading",
    "Intake",
    "LabReport",
    "LineRefusal",
    "Paper",
    "PlanLine",
    "PointInstrument",
    "PointStaff",
    "Policy",
    "PositiveCase",
    "RapidTest",
    "ReadingTie",
    "Recall",
    "RecallItem",
    "RecallNotice",
    "RecallRequest",
    "RecallStep",
    "Sample",
    "Scan",
    "SetAsideSale",
    "SheetImport",
    "StockMove",
    "TestItem",
    "TestKit",
    "TestLimit",
    "TestMethod",
    "TestPoint",
    "TraceEvent",
    "Voucher",
    "VoucherLine",
]
