"""Blank forms of the demo world's papers: what is printed on them before anybody fills them in.

Measures are millimetres. A slot is a label, the name of the field written beside it, and its share of the row.
"""

from dataclasses import dataclass

from registry.papers import PaperKind

Slot = tuple[str, str, float]


@dataclass(frozen=True, kw_only=True)
class PaperForm:
    """`boxed` forms are tables, the others have ruled lines; `handed` ones are filled in by pen."""

    title: str
    subtitle: str
    width: float
    height: float
    rows: tuple[tuple[Slot, ...], ...]
    rows_top: float
    row_height: float
    clauses: tuple[str, ...] = ()
    opening: str = ""
    seal: str = ""
    tint: str = "#fdfdfb"
    accent: str = "#222222"
    boxed: bool = True
    handed: bool = False
    frame: bool = False


def _contract(
    *, title: str, subtitle: str, rows: tuple[tuple[Slot, ...], ...], clauses: tuple[str, ...], seal: str
) -> PaperForm:
    """A page of ruled lines filled in by pen, with clauses below."""
    return PaperForm(
        title=title,
        subtitle=subtitle,
        width=190,
        height=262,
        rows=rows,
        rows_top=46,
        row_height=13,
        clauses=clauses,
        seal=seal,
        boxed=False,
        handed=True,
    )


FORMS: dict[PaperKind, PaperForm] = {
    PaperKind.COMMITMENT_CERTIFICATE: PaperForm(
        title="承诺达标合格证",
        subtitle="",
        width=150,
        height=112,
        tint="#f3faf2",
        accent="#1d6b35",
        frame=True,
        boxed=False,
        opening=(
            "我承诺对生产销售的食用农产品:不使用禁用农药、兽药及其他化合物;"
            "使用的常规农药、兽药残留不超标;对承诺的真实性负责。"
        ),
        rows_top=37,
        row_height=10.5,
        rows=(
            (("产品名称", "product", 1), ("数量(重量)", "quantity", 1)),
            (("产地", "origin", 1),),
            (("生产者", "supplier", 1),),
            (("联系方式", "phone", 1), ("开具日期", "issued_on", 1)),
        ),
        clauses=("承诺依据: ☑ 质量安全控制符合要求 ☑ 自行检测合格 ☐ 委托检测合格",),
        seal="产品合格",
    ),
    PaperKind.PURCHASE_SLIP: PaperForm(
        title="送 货 单",
        subtitle="(进货凭证)  第二联 客户",
        width=190,
        height=130,
        tint="#fdf6f4",
        accent="#a23a34",
        handed=True,
        rows_top=34,
        row_height=11,
        rows=(
            (("购货单位", "buyer", 1.4), ("日期", "issued_on", 1)),
            (("品名", "product", 1.4), ("数量", "quantity", 1)),
            (("产地", "origin", 1.4), ("车牌", "vehicle", 1)),
            (("供货者", "supplier", 1.4), ("电话", "phone", 1)),
            (("供货者地址", "address", 1),),
        ),
        clauses=("收货人签字:                    送货人签字:",),
        seal="送货专用",
    ),
    PaperKind.PURCHASE_AGREEMENT: _contract(
        title="农产品采购协议",
        subtitle="",
        rows=(
            (("甲方(采购)", "buyer", 1),),
            (("乙方(供货)", "supplier", 1),),
            (("乙方地址", "address", 1),),
            (("采购品种", "product", 1), ("约定数量", "quantity", 1)),
            (("产地", "origin", 1),),
            (("联系电话", "phone", 1), ("签订日期", "issued_on", 1)),
        ),
        clauses=(
            "一、乙方供应的农产品应当符合食品安全国家标准,随货提供承诺达标合格证或者其他质量合格证明。",
            "二、乙方如实告知产地、采收日期和用药情况;甲方进货时查验并留存凭证,保存期限不少于六个月。",
            "三、经检测不符合食品安全标准的,甲方有权拒收,损失由乙方承担。",
            "四、价格随行就市,以每批送货单为准;货款当日结清。",
            "五、本协议一式两份,双方签字盖章后生效,有效期一年。",
            "甲方(签章):                              乙方(签章):",
        ),
        seal="合同专用",
    ),
    PaperKind.BASE_CONTRACT: _contract(
        title="种植基地承包合同",
        subtitle="(产地挂钩登记用)",
        rows=(
            (("发包方(甲方)", "issuer", 1),),
            (("承包方(乙方)", "supplier", 1),),
            (("基地地址", "origin", 1),),
            (("种植品种", "product", 1), ("面积 / 产量", "quantity", 1)),
            (("身份证号", "number", 1),),
            (("联系电话", "phone", 1), ("签订日期", "issued_on", 1)),
        ),
        clauses=(
            "一、甲方将上述地块发包给乙方种植食用农产品,承包期三年。",
            "二、乙方不得使用国家禁用的农药,按安全间隔期采收,并建立农产品生产记录。",
            "三、乙方对所产农产品开具承诺达标合格证,接受农业农村部门和市场的检查。",
            "四、承包费按年缴纳,逾期三十日的,甲方可以收回地块。",
            "五、本合同一式三份,甲乙双方和市场各执一份。",
            "甲方(签章):                              乙方(签章):",
        ),
        seal="合同专用",
    ),
    PaperKind.SELF_GROWN_STATEMENT: _contract(
        title="自产自销证明",
        subtitle="",
        rows=(
            (("种植(养殖)户", "supplier", 1), ("联系电话", "phone", 1)),
            (("身份证号", "number", 1),),
            (("住址", "address", 1),),
            (("产品", "product", 1), ("数量", "quantity", 1)),
            (("产地", "origin", 1),),
            (("销售市场", "buyer", 1), ("日期", "issued_on", 1)),
        ),
        clauses=("以上产品为本人自家种植(养殖),未使用禁用农药、兽药,情况属实,特此证明。", "村(居)民委员会(盖章)"),
        seal="村民委员会",
    ),
    PaperKind.ANIMAL_QUARANTINE: PaperForm(
        title="动物检疫合格证明(产品 B)",
        subtitle="本证明限省境内使用",
        width=190,
        height=132,
        tint="#eef5ee",
        accent="#23603c",
        frame=True,
        rows_top=38,
        row_height=10.5,
        rows=(
            (("货主", "supplier", 1.4), ("产品名称", "product", 1)),
            (("数量及单位", "quantity", 1.4), ("产地", "origin", 1)),
            (("生产单位名称地址", "issuer", 1),),
            (("目的地", "buyer", 1.4), ("运载工具牌号", "vehicle", 1)),
            (("检疫标志号", "number", 1.4), ("签发日期", "issued_on", 1)),
        ),
        clauses=("本批动物产品经检疫合格。        官方兽医签字:", "注:本证明一式两联;当日有效。"),
        seal="检疫专用",
    ),
    PaperKind.MEAT_QUALITY: PaperForm(
        title="肉品品质检验合格证",
        subtitle="",
        width=150,
        height=112,
        tint="#fbf1f1",
        accent="#8d2f3a",
        frame=True,
        rows_top=32,
        row_height=10,
        rows=(
            (("货主", "supplier", 1), ("品名", "product", 1)),
            (("数量", "quantity", 1), ("检验日期", "issued_on", 1)),
            (("屠宰厂(场)", "issuer", 1),),
            (("销往", "buyer", 1),),
            (("编号", "number", 1),),
        ),
        clauses=("经检验,宰前、宰后检验合格,准予出厂。    检验员:",),
        seal="检验合格",
    ),
    PaperKind.ENTRY_QUARANTINE: PaperForm(
        title="入境货物检验检疫证明",
        subtitle="INSPECTION AND QUARANTINE CERTIFICATE FOR ENTRY GOODS",
        width=190,
        height=262,
        tint="#f4f6fb",
        accent="#27407a",
        frame=True,
        rows_top=52,
        row_height=13,
        rows=(
            (("收货人 Consignee", "buyer", 1),),
            (("发货人 Consignor", "supplier", 1),),
            (("品名 Description", "product", 1),),
            (("数量/重量 Quantity", "quantity", 1),),
            (("原产国(地区) Origin", "origin", 1),),
            (("运输工具 Conveyance", "vehicle", 1),),
            (("签证日期 Date", "issued_on", 1),),
        ),
        clauses=(
            "上述货物业经检验检疫,准予销售、使用。",
            "The above goods have been inspected and quarantined and are permitted for sale or use.",
            "签字 Signature:",
        ),
        seal="检验检疫",
    ),
    PaperKind.TEST_REPORT: PaperForm(
        title="检 测 报 告",
        subtitle="TEST REPORT",
        width=190,
        height=262,
        accent="#1f2f3f",
        rows_top=46,
        row_height=13,
        rows=(
            (("样品名称", "product", 1), ("样品数量", "quantity", 1)),
            (("委托单位", "supplier", 1),),
            (("产地", "origin", 1),),
            (("检测机构", "issuer", 1),),
            (("检测项目", "items", 1),),
            (("检测结果", "result", 1),),
            (("签发日期", "issued_on", 1), ("联系电话", "phone", 1)),
        ),
        clauses=(
            "检测依据:食品安全国家标准 食品中农药最大残留限量",
            "说明:本报告仅对来样负责;未加盖检测专用章无效;复制无效。",
            "编制:            审核:            批准:",
        ),
        seal="检测专用",
    ),
}
