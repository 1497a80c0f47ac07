"""The papers that come with goods: what kind of thing a photograph or a number is.

Source: 总局令81号 《食用农产品市场销售质量安全监督管理办法》, on purchase vouchers and quality proofs.
"""

from enum import StrEnum


class PaperKind(StrEnum):
    PURCHASE_SLIP = "purchase_slip"
    PURCHASE_AGREEMENT = "purchase_agreement"
    UPSTREAM_VOUCHER = "upstream_voucher"
    SELF_GROWN_STATEMENT = "self_grown_statement"
    COMMITMENT_CERTIFICATE = "commitment_certificate"
    OWN_TEST = "own_test"
    INSPECTION_CERTIFICATE = "inspection_certificate"
    ANIMAL_QUARANTINE = "animal_quarantine"
    MEAT_QUALITY = "meat_quality"
    ENTRY_QUARANTINE = "entry_quarantine"
    GREEN_ORGANIC_GI = "green_organic_gi"
    TEST_REPORT = "test_report"
    BASE_CONTRACT = "base_contract"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Chinese name, as the paper itself is called."""
        return _LABELS[self]


_LABELS = {
    PaperKind.PURCHASE_SLIP: "进货凭证",
    PaperKind.PURCHASE_AGREEMENT: "采购协议",
    PaperKind.UPSTREAM_VOUCHER: "上游销售凭证",
    PaperKind.SELF_GROWN_STATEMENT: "自产证明",
    PaperKind.COMMITMENT_CERTIFICATE: "承诺达标合格证",
    PaperKind.OWN_TEST: "自检合格证明",
    PaperKind.INSPECTION_CERTIFICATE: "检验检疫合格证明",
    PaperKind.ANIMAL_QUARANTINE: "动物检疫合格证明",
    PaperKind.MEAT_QUALITY: "肉品品质检验合格证",
    PaperKind.ENTRY_QUARANTINE: "入境货物检验检疫证明",
    PaperKind.GREEN_ORGANIC_GI: "绿色/有机/地理标志证书",
    PaperKind.TEST_REPORT: "检测报告",
    PaperKind.BASE_CONTRACT: "产地挂钩合同",
    PaperKind.OTHER: "其他",
}

PURCHASE = frozenset(
    {
        PaperKind.PURCHASE_SLIP,
        PaperKind.PURCHASE_AGREEMENT,
        PaperKind.UPSTREAM_VOUCHER,
        PaperKind.SELF_GROWN_STATEMENT,
    }
)
"""进货凭证: who it was bought from. A self-grown statement counts for self-grown goods only."""

MEAT = frozenset({PaperKind.ANIMAL_QUARANTINE, PaperKind.MEAT_QUALITY})
"""What meat must come with."""

QUALITY = MEAT | {
    PaperKind.COMMITMENT_CERTIFICATE,
    PaperKind.OWN_TEST,
    PaperKind.INSPECTION_CERTIFICATE,
    PaperKind.ENTRY_QUARANTINE,
    PaperKind.GREEN_ORGANIC_GI,
    PaperKind.TEST_REPORT,
}
"""质量合格凭证: somebody vouches that it is fit."""
