"""What is usually tested in markets and canteens, by kind of goods. Plain data.

Methods are those of the market regulator's rapid-test list (KJ numbers) and GB/T 5009.199; colloidal gold
strips where no number is given. A rapid test screens, it does not establish a violation (食品安全法 第112条).
"""

from dataclasses import dataclass

PLANTS = frozenset(
    {"11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "22", "23", "24", "25", "26", "57", "59"}
)
LIVESTOCK = frozenset({"31", "35"})
POULTRY = frozenset({"32", "33", "35"})
EGGS = frozenset({"34"})
FISH = frozenset({"41", "42", "43", "44", "45"})
PROCESSED = frozenset({"51", "52", "53", "54", "58"})


@dataclass(frozen=True)
class TestItem:
    """`name` is what records and pages say; `categories` are catalogue codes of the goods it is meant for."""

    code: str
    name: str
    method: str
    categories: frozenset[str]


GOLD = "胶体金免疫层析法"

ITEMS = (
    TestItem("PEST_ENZ", "有机磷和氨基甲酸酯类(酶抑制率)", "GB/T 5009.199 酶抑制率法", PLANTS),
    TestItem("CARBO", "克百威", GOLD, PLANTS),
    TestItem("CHLOR", "毒死蜱", GOLD, PLANTS),
    TestItem("OMETH", "氧乐果", GOLD, PLANTS),
    TestItem("ISOCA", "水胺硫磷", GOLD, PLANTS),
    TestItem("FIPRO", "氟虫腈", GOLD, PLANTS | EGGS),
    TestItem("CYROM", "灭蝇胺", GOLD, frozenset({"11", "12"})),
    TestItem("PROCY", "腐霉利", GOLD, frozenset({"11", "13", "14", "16"})),
    TestItem("CLOTH", "噻虫胺", GOLD, frozenset({"13", "15", "16"})),
    TestItem("MALGR", "孔雀石绿", "KJ 201701 胶体金法", FISH),
    TestItem("NFUR", "硝基呋喃代谢物", "KJ 201705 胶体金法", FISH | POULTRY | EGGS),
    TestItem("CAP", "氯霉素", "KJ 201905 胶体金法", FISH | POULTRY | LIVESTOCK),
    TestItem("QUINO", "恩诺沙星", "KJ 201906 胶体金法", FISH | POULTRY | EGGS),
    TestItem("BETA", "瘦肉精(克伦特罗、莱克多巴胺、沙丁胺醇)", "KJ 201706 胶体金法", LIVESTOCK),
    TestItem("SULF", "磺胺类", GOLD, LIVESTOCK | POULTRY | EGGS),
    TestItem("FLOR", "氟苯尼考", GOLD, POULTRY | EGGS),
    TestItem("PCPNA", "五氯酚酸钠", GOLD, LIVESTOCK | POULTRY),
    TestItem("DIAZ", "地西泮", GOLD, FISH),
    TestItem("FORM", "甲醛", "试纸比色法", PROCESSED | FISH),
    TestItem("RONG", "吊白块", "试纸比色法", frozenset({"51", "58"})),
    TestItem("BORAX", "硼砂", "试纸比色法", frozenset({"51", "52", "58"})),
    TestItem("H2O2", "双氧水", "试纸比色法", frozenset({"51", "52"})),
    TestItem("SO2", "二氧化硫", "比色法", frozenset({"19", "53", "54", "57"})),
    TestItem("NITRITE", "亚硝酸盐", "KJ 201704 盐酸萘乙二胺法", frozenset({"54"})),
    TestItem("AFB1", "黄曲霉毒素B1", GOLD, frozenset({"55", "56"})),
    TestItem("OIL_AV", "酸价", "试纸比色法", frozenset({"56"})),
    TestItem("OIL_PV", "过氧化值", "试纸比色法", frozenset({"56"})),
)  # fmt: skip

_BY_CODE = {item.code: item for item in ITEMS}


def items_for(category: str) -> list[TestItem]:
    """The items meant for goods of a category, or all of them for a category none is meant for."""
    return [item for item in ITEMS if category in item.categories] or list(ITEMS)


def item(code: str) -> TestItem | None:
    return _BY_CODE.get(code)
