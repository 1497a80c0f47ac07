"""Names are found as people type them."""

import pytest

from registry.pinyin import initials, pinyin
from registry.romanise import english_name


@pytest.mark.parametrize(
    ("text", "whole", "first"),
    [
        ("辣椒", "lajiao", "lj"),
        ("长豆角", "changdoujiao", "cdj"),
        ("花蛤", "huage", "hg"),
        ("绿豆", "lvdou", "ld"),
        ("单县", "shanxian", "sx"),
        ("成都市", "chengdushi", "cds"),
        ("A区 12 号", "aqu12hao", "aq12h"),
        ("新鲜·水果(特价)", "xinxianshuiguotejia", "xxsgtj"),
        ("", "", ""),
    ],
)
def test_pinyin_and_initials(text, whole, first):
    assert (pinyin(text), initials(text)) == (whole, first)


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("三水区", "Sanshui District"),
        ("云东海街道", "Yundonghai Subdistrict"),
        ("白坭镇", "Baini Town"),
        ("元谋县", "Yuanmou County"),
        ("佛山市", "Foshan"),
        ("单县", "Shanxian"),
        ("西安市", "Xi'an"),
        ("陕西省", "Shaanxi Province"),
        ("乐东黎族自治县", "Ledong Li Autonomous County"),
        ("恩施土家族苗族自治州", "Enshi Tujia Miao Autonomous Prefecture"),
        ("吕梁市", "Lüliang"),
        ("香港特别行政区", "Hong Kong"),
    ],
)
def test_places_have_english_names(name, english):
    assert english_name(name) == english
