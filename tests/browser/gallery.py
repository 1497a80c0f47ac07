"""Every component of the visual language on one page, with the words of an ordinary day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils.safestring import SafeString

from kit import qr

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
NOW = dt.datetime(2026, 11, 22, 6, 40, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class Intake(forms.Form):
    supplier = forms.CharField(label="供货档口", help_text="打两个字就会提示")
    weight_kg = forms.DecimalField(label="数量", help_text="按实际收到的写", max_value=500)
    unit_price = forms.DecimalField(label="单价", required=False)
    origin = forms.ChoiceField(label="产地", choices=[("", "请选择"), ("640422", "宁夏西吉"), ("370783", "山东寿光")])
    kind = forms.ChoiceField(
        label="怎么来的", choices=[("slip", "有销售凭证"), ("paper", "有纸质票据")], widget=forms.RadioSelect
    )
    late = forms.BooleanField(label="补记昨天的货", required=False, help_text="会标明是补记")
    photo = forms.ImageField(label="票据照片", required=False)
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 2}))


def square() -> SafeString:
    return SafeString(qr.svg("HTTPS://EXAMPLE.ORG/V/7K3MQ9D2XH5VW8RTA"))


class SignIn(forms.Form):
    username = forms.CharField(label="手机号或用户名")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


def grant(role: str, name: str, town: str) -> SimpleNamespace:
    return SimpleNamespace(
        role=role,
        account=SimpleNamespace(username=name, name=name),
        place_id=None,
        market_id=None,
        town_id=town or None,
        town=SimpleNamespace(name=town),
    )


def words() -> dict[str, Any]:
    wrong = Intake({"supplier": "", "weight_kg": "800", "unit_price": "3.2", "origin": "640422", "kind": "slip"})
    return {
        "now": NOW,
        "actor": SimpleNamespace(roles={"vendor"}),
        "section": "组件",
        "place": {"label": "A12 阿强蔬菜", "note": "城南农贸市场"},
        "places": [
            {"id": "1", "label": "A12 阿强蔬菜", "note": "城南农贸市场", "active": True},
            {"id": "2", "label": "B07 阿强蔬菜", "note": "河口市场", "active": False},
        ],
        "unread_count": 3,
        "nav": [
            {"url": f"#{icon}", "label": label, "icon": icon, "active": active}
            for label, icon, active in [
                ("扫码进货", "scan", False),
                ("在售", "stock", True),
                ("进货台账", "ledger", False),
                ("快检", "test", False),
                ("我的码", "code", False),
                ("供货商", "truck", False),
                ("人员", "people", False),
            ]
        ],
        "form": Intake(initial={"weight_kg": "20", "supplier": "3 号档 建国蔬菜"}),
        "wrong": wrong,
        "suppliers": ["3 号档 建国蔬菜", "11 号档 顺发果蔬", "27 号档 绿源农产品"],
        "tiles": [
            {"value": "1", "label": "螺丝椒", "note": "宁夏西吉 · 昨天 20 kg", "search": "lsj luosijiao"},
            {"value": "2", "label": "菜心", "note": "广东清远 · 昨天 35 kg", "search": "cx caixin"},
            {"value": "3", "label": "番茄", "note": "山东寿光 · 昨天 40 kg", "search": "fq fanqie 西红柿"},
            {"value": "4", "label": "豇豆", "note": "海南三亚 · 暂停销售", "search": "jd jiangdou", "disabled": True},
            {"value": "5", "label": "鲜猪肉", "note": "本区屠宰 · 昨天 60 kg", "search": "xzr zhurou"},
            {"value": "6", "label": "草鱼", "note": "本区 · 昨天 25 kg", "search": "cy caoyu"},
        ],
        "stats": [
            {"label": "今天进货", "figure": "186", "unit": "kg", "note": "6 个品种"},
            {"label": "在售", "figure": "14", "unit": "批", "url": "#on-sale"},
            {"label": "今天到期", "figure": "2", "unit": "批", "tone": "due", "note": "菜心、生菜", "url": "#due"},
            {"label": "暂停销售", "figure": "1", "unit": "批", "tone": "bad", "note": "豇豆 18 kg", "url": "#held"},
        ],
        "chips": [
            {"label": "全部", "url": "#", "active": True, "count": 42},
            {"label": "在售", "url": "#", "active": False, "count": 14},
            {"label": "今天到期", "url": "#", "active": False, "count": 2},
            {"label": "暂停销售", "url": "#", "active": False, "count": 1},
            {"label": "已售完", "url": "#", "active": False, "count": 25},
        ],
        "selects": [
            {
                "name": "category",
                "label": "品类",
                "value": "",
                "options": [("", "所有品类"), ("leaf", "叶菜"), ("meat", "畜肉")],
            }
        ],
        "page_obj": Paginator(range(42), 10).page(2),
        "facts": [
            ("品种", "螺丝椒"),
            ("产地", "宁夏固原市西吉县"),
            ("供货者", "建国蔬菜", "第一批发市场 3 号档"),
            ("入场时间", "今天 03:12"),
            ("检疫证明", None),
        ],
        "chain": [
            {"role": "产地", "name": "宁夏西吉", "meta": "11月20日 采收"},
            {"role": "批发", "name": "第一批发市场 3 号档 建国蔬菜", "meta": "今天 03:12 入场", "url": "#"},
            {"role": "零售", "name": "城南农贸市场 A12 阿强蔬菜", "meta": "今天 05:40 进货", "here": True},
        ],
        "broken_chain": [
            {"role": "产地", "name": "暂无记录", "unknown": True},
            {"role": "批发", "name": "河口市场 7 号档", "meta": "昨天 04:05 入场"},
            {"role": "零售", "name": "城南农贸市场 A12 阿强蔬菜", "here": True},
        ],
        "steps": [
            {"state": "done", "title": "申报", "at": "昨天 22:10", "note": "螺丝椒 480 kg，单据 3 张"},
            {"state": "done", "title": "入场审核", "at": "今天 03:12", "note": "市场管理员 林*"},
            {"state": "now", "title": "快检", "note": "样品已取，约 15 分钟出结果"},
            {"state": "to-come", "title": "开始销售"},
        ],
        "notices": [
            {
                "title": "豇豆 18 kg 暂停销售",
                "text": "批发商 27 号档的这批货快检阳性，待实验室确认。请先下架。",
                "url": "#",
                "at": NOW - dt.timedelta(minutes=25),
                "unread": True,
                "tone": "bad",
                "word": "先下架",
            },
            {
                "title": "菜心今天到期",
                "text": "还剩 6 kg。卖完或下架。",
                "url": "#",
                "at": NOW - dt.timedelta(hours=2),
                "unread": True,
                "tone": "due",
                "word": "今天",
            },
            {"title": "协议续签到 2027年10月31日", "url": "#", "at": NOW - dt.timedelta(days=3), "unread": False},
        ],
        "batches": [
            {
                "name": "螺丝椒",
                "origin": "宁夏西吉",
                "kg": Decimal("480"),
                "at": NOW - dt.timedelta(hours=3),
                "tone": "ok",
                "word": "快检未检出",
                "level": 2,
            },
            {
                "name": "菜心",
                "origin": "广东清远",
                "kg": Decimal("35.5"),
                "at": NOW - dt.timedelta(days=1),
                "tone": "due",
                "word": "今天到期",
                "level": 1,
            },
            {
                "name": "豇豆",
                "origin": "海南三亚",
                "kg": Decimal("18"),
                "at": NOW - dt.timedelta(days=1),
                "tone": "bad",
                "word": "暂停销售",
                "level": 3,
            },
            {
                "name": "番茄",
                "origin": "山东寿光",
                "kg": Decimal("1260"),
                "at": NOW - dt.timedelta(days=4),
                "tone": "none",
                "word": "暂无快检记录",
                "level": 0,
            },
        ],
        "by_product": [("番茄", 1260), ("螺丝椒", 480), ("鲜猪肉", 310), ("菜心", 35.5)],
        "by_state": [("快检未检出", 31, "ok"), ("暂无记录", 9, "none"), ("暂停销售", 1, "bad")],
        "by_day": [(f"11月{day}日", weight) for day, weight in enumerate((120, 160, 90, 180, 210, 140, 186), 16)],
        "values": [12, 15, 14, 18, 22, 17, 19, 24],
        "consequences": [
            ("停止销售", "480 kg"),
            ("涉及批次", "7 批"),
            ("通知商户", "7 户"),
            ("已知去向的单位", "2 家"),
        ],
        "hidden": [("client_key", "0191")],
        "qr": square(),
        "slip_lines": [("螺丝椒", "20.5 kg")],
        "slip_facts": [
            ("产地", "宁夏固原西吉"),
            ("销售日期", "2026-11-22 05:31"),
            ("销售者", "建国蔬菜"),
            ("摊位", "3 号档"),
            ("电话", "13800138000"),
            ("快检", "未检出 11-22 03:40"),
        ],
        "label_lines": ["宁夏固原西吉", "建国蔬菜 3 号档", "2026-11-22"],
        "demo_people": [
            grant("wholesaler", "陈建国", "第一批发市场 3 号档"),
            grant("wholesaler", "何顺发", "第一批发市场 11 号档"),
            grant("vendor", "李强", "城南农贸市场 A12"),
            grant("vendor", "区惠珍", "城南农贸市场 C21"),
            grant("district_officer", "梁志明", ""),
        ],
    }


def show(request: HttpRequest, name: str) -> HttpResponse:
    request.user = SimpleNamespace(
        pk="1",
        name="李强",
        theme=request.GET.get("theme", "auto"),
        care="care" in request.GET,
        is_authenticated=True,
        is_anonymous=False,
        is_active=True,
    )
    context = words()
    if name == "signin":
        context |= {"nav": [], "actor": None, "place": None, "places": [], "form": SignIn()}
        template = engines["django"].get_template("registry/sign_in.html")
    elif name in ("404", "500", "429"):
        template = engines["django"].get_template(f"errors/{name}.html")
    else:
        template = engines["django"].from_string((TEMPLATES / f"{name}.html").read_text())
    return HttpResponse(template.render(context, request))


def nowhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


NAMES = ("search", "notices", "me", "signin", "signout", "switch_place", "demo_sign_in", "desk")

urlpatterns = [
    path("desk/show/<name>", show),
    path("show/<name>", show),
    *(path(name, nowhere, name=name) for name in NAMES),
]
