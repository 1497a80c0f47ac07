"""The scale in a terminal: what is typed, and what is shown."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from django.core.management import CommandError, call_command
from django.utils import translation
from PIL import Image

from kit.codes import new_token
from tests.traceability.device_stub import DEVICE, KEY, Server
from traceability.scale.client import Scale
from traceability.scale.memory import Memory
from traceability.scale.sync import Sync
from traceability.scale.terminal import Terminal, qr_text
from traceability.scale.transport import Connection

ROOT = Path(__file__).resolve().parents[2]
PIXELS = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}


@pytest.fixture
def server():
    running = Server()
    yield running
    running.stop()


class Screen:
    def __init__(self, server, path):
        self.rows = []
        self.memory = Memory(path)
        scale = Scale(self.memory)
        self.terminal = Terminal(scale, Sync(scale, Connection(server.url, DEVICE, KEY, 5)), self.rows.append)
        self.terminal.start()

    def type(self, line):
        del self.rows[:]
        going_on = self.terminal.handle(line)
        return going_on and "\n".join(self.rows)


@pytest.fixture
def screen(server, tmp_path):
    with translation.override("en"):
        made = Screen(server, tmp_path / "scale.json")
        yield made
    made.memory.close()


def test_it_starts_with_buttons_stock_and_buyers(screen):
    shown = "\n".join(screen.rows)
    for words in (
        "百旺城批发市场 · A12 · 阿强蔬菜",
        "[3] 辣椒  云南省元谋县 40.00 kg",
        "@1 张记蔬菜",
        "online · 0 waiting · 300 codes left",
    ):
        assert words in shown


def test_button_weight_and_buyer_print_a_slip_with_its_qr_and_send_it(screen, server):
    shown = screen.type("3 25.40 @1 6.5")
    (sale,) = server.platform.sales.values()
    for words in ("销售凭证", "25.40 公斤", "165.10 元", "张记蔬菜", "Sent: 1"):
        assert words in shown
    assert sale["buyer"] == {"stall_token": screen.terminal.scale.buyers()[0].token}


def test_a_pulled_cable_prints_all_the_same_and_sends_when_it_is_back(screen, server):
    screen.type("n")
    assert "待同步" in screen.type("3 1.20 老王/13900139000")
    assert server.platform.sales == {}
    assert "Sent: 1" in screen.type("n")
    (sale,) = server.platform.sales.values()
    assert sale["buyer"] == {"walk_in": {"name": "老王", "phone": "13900139000"}}


def test_a_scanned_address_names_the_buyer(screen, server):
    token = new_token()
    screen.type(f"3 1 https://example.cn/d/{token}")
    (sale,) = server.platform.sales.values()
    assert sale["buyer"] == {"store_token": token}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("9 1 @1", "There is no such product button."),
        ("x 1 @1", "There is no such product button."),
        ("3 heavy @1", "A weight is written like 25.40."),
        ("3 1 @7", "Scan the buyer's code, or write the buyer's name and phone."),
        ("3 1 https://example.cn/s/nonsense", "Scan the buyer's code, or write the buyer's name and phone."),
        ("3 1 @1 cheap", "A price is written like 6.50."),
        ("3 1 @1 1.234", "A price is written like 6.50."),
        ("3 700 @1", "More than the declared weight: file a supplementary declaration."),
        ("m", "m 1  A12 阿强蔬菜"),
        ("m 1", "A12"),
        ("", "codes left"),
        ("s", "codes left"),
        ("what", "codes left"),
    ],
)
def test_every_line_gets_an_answer(screen, line, words):
    assert words in screen.type(line)


def test_q_quits(screen):
    assert screen.type("q") is False


def test_the_qr_on_the_screen_can_be_scanned():
    url = f"https://example.cn/v/{new_token()}"
    rows = [[PIXELS[block] for block in row] for row in qr_text(url).split("\n")]
    bright = [pair[half] for row in rows for half in (0, 1) for pair in row]
    picture = Image.new("L", (len(rows[0]), 2 * len(rows)))
    picture.putdata([255 * pixel for pixel in bright])
    large = picture.resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST)
    assert zxingcpp.read_barcode(large).text == url


def test_the_command_sells_until_its_input_ends(server, tmp_path):
    ran = subprocess.run(
        [sys.executable, ROOT / "manage.py", "scale", "--url", server.url, "--device", DEVICE, "--key", KEY],
        input="3 25.40 @1\n3 1.5 @1\n",
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [sale["lines"][0]["weight_kg"] for sale in server.platform.sales.values()] == ["25.40", "1.50"]
    assert (tmp_path / f"scale-{DEVICE}.json").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"device": None, "key": None}, "Give --device and --key"),
        ({"device": DEVICE, "key": None}, "Give --device and --key"),
        ({"device": DEVICE, "key": "short"}, "64 lower-case hex digits"),
    ],
)
def test_the_command_says_what_it_needs(arguments, words):
    with translation.override("en"), pytest.raises(CommandError, match=words):
        call_command("scale", **arguments)


def test_a_scale_that_runs_already_is_not_started_twice(tmp_path):
    memory = Memory(tmp_path / "scale.json")
    with translation.override("en"), pytest.raises(CommandError, match="already running"):
        call_command("scale", device=DEVICE, key=KEY, memory=str(tmp_path / "scale.json"))
    memory.close()
