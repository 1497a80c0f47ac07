"""The roles people hold (contract: stable names)."""

from enum import StrEnum


class Role(StrEnum):
    WHOLESALER = "wholesaler"
    VENDOR = "vendor"
    STORE_MANAGER = "store_manager"
    MARKET_MANAGER = "market_manager"
    TESTER = "tester"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    TOWN_OFFICER = "town_officer"
    DISTRICT_OFFICER = "district_officer"
    FINANCE = "finance"
    AUDITOR = "auditor"
    SUPPORT = "support"

    @property
    def label(self):
        return LABELS[self]

    @classmethod
    def choices(cls):
        return [(role.value, role.label) for role in cls]


LABELS = {
    Role.WHOLESALER: "批发商",
    Role.VENDOR: "摊主",
    Role.STORE_MANAGER: "门店/食堂食安员",
    Role.MARKET_MANAGER: "市场管理员",
    Role.TESTER: "快检员",
    Role.COORDINATOR: "协管员",
    Role.REVIEWER: "审单员",
    Role.TOWN_OFFICER: "镇街监管",
    Role.DISTRICT_OFFICER: "区局监管",
    Role.FINANCE: "财务",
    Role.AUDITOR: "审计",
    Role.SUPPORT: "运维",
}
BUSINESS_ROLES = frozenset({Role.WHOLESALER, Role.VENDOR, Role.STORE_MANAGER})
