"""The instrument in a terminal, against the platform as it is served."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.traceability.instruments import enzyme_item, instrument_at, sample_of
from traceability.instrument.client import CannotRead, Instrument, State
from traceability.instrument.lines import DyLine, SignedLine
from traceability.instrument.terminal import Terminal
from traceability.models import InstrumentReading, RapidTest
from traceability.scale.memory import Memory
from traceability.scale.transport import Connection, NoAnswer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sample():
    enzyme_item()
    return sample_of()


@pytest.fixture
def device(sample):
    return instrument_at(sample.point)


@pytest.fixture
def memory(tmp_path):
    kept = Memory(tmp_path / "instrument.json", State)
    yield kept
    kept.close()


def line_of(way, url, device):
    if way == "dy":
        return DyLine(url, str(device.id), device.key, "lab")
    return SignedLine(Connection(url, str(device.id), device.key), "lab")


@pytest.fixture(params=["dy", "signed"])
def instrument(request, live_server, device, memory):
    return Instrument(memory, line_of(request.param, live_server.url, device), name="T1")


def test_a_number_and_a_word_are_recorded(instrument, sample):
    instrument.read(sample.label, "12.5")
    instrument.read(sample.label, "-")
    assert "2" in instrument.send()
    assert instrument.state.queue == []
    assert [test.raw_text for test in RapidTest.objects.order_by("id")] == ["", "阴性"]


def test_what_it_read_survives_a_restart_and_is_sent_once(instrument, sample, memory):
    instrument.read(sample.label, "12.5")
    queue = list(instrument.state.queue)
    instrument.send()
    memory.state.queue = queue
    instrument.send()
    assert RapidTest.objects.count() == InstrumentReading.objects.count() == 1


def test_nothing_is_lost_while_nobody_answers(sample, device, memory):
    alone = Instrument(memory, line_of("dy", "http://127.0.0.1:9", device), name="T1")
    alone.read(sample.label, "12.5")
    with pytest.raises(NoAnswer):
        alone.send()
    assert len(alone.state.queue) == 1


@pytest.mark.parametrize(
    ("label", "result", "code"), [(" ", "1", "no_sample"), ("A", "much", "bad_value"), ("A", "NaN", "bad_value")]
)
def test_what_is_no_reading_is_not_kept(instrument, label, result, code):
    with pytest.raises(CannotRead) as refused:
        instrument.read(label, result)
    assert refused.value.code == code
    assert instrument.state.count == 0


def test_the_terminal_sends_at_once_and_keeps_while_the_cable_is_out(instrument, sample):
    rows = []
    terminal = Terminal(instrument, rows.append)
    with translation.override("en"):
        terminal.handle("n")
        terminal.handle(f"{sample.label} 12.5")
        assert not RapidTest.objects.exists()
        assert any("offline · 0 waiting" in row for row in rows)
        terminal.handle("n")
        assert RapidTest.objects.count() == 1
        assert any(row.startswith("The platform: 1") for row in rows)
        terminal.handle("i CARBO mg/kg")
        assert instrument.state.item == "CARBO"
        assert not terminal.handle("q")


def test_a_wrong_key_is_said_and_the_reading_stays(live_server, sample, device, memory):
    rows = []
    device.key = "0" * 64
    terminal = Terminal(Instrument(memory, line_of("dy", live_server.url, device), name="T1"), rows.append)
    terminal.handle(f"{sample.label} 1")
    assert "unknown instrument or wrong key" in rows[-1]
    assert len(memory.state.queue) == 1


def test_the_command_asks_for_id_and_key():
    with pytest.raises(CommandError):
        call_command("instrument", device="", key="")
    with pytest.raises(CommandError):
        call_command("instrument", device="x", key="short")
