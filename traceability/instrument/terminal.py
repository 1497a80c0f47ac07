"""An instrument in a terminal: a sample's label and a result are typed, the upload happens at once."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from traceability.instrument.client import CannotRead, Instrument
from traceability.instrument.lines import TurnedAway
from traceability.scale.transport import NoAnswer, Refused


class Terminal:
    """Reads one line at a time, writes to `write`. `cable` is the network cable: it can be pulled."""

    def __init__(self, instrument: Instrument, write: Callable[[str], None]) -> None:
        self.instrument = instrument
        self.write = write
        self.cable = True

    def show(self) -> None:
        state = self.instrument.state
        link = _("online") if self.cable else _("offline")
        self.write(
            _("%(item)s (%(unit)s) · %(link)s · %(queue)d waiting · %(count)d read")
            % {"item": state.item, "unit": state.unit, "link": link, "queue": len(state.queue), "count": state.count}
        )
        self.write(
            _("Type: label result  e.g. 7K2-M9Q-XA4M 12.5 · label - · i ITEM unit · s send · n network · q quit")
        )

    def handle(self, line: str) -> bool:
        """Do what a line says; False when it says to quit."""
        match line.split():
            case ["q"]:
                return False
            case ["n"]:
                self.cable = not self.cable
                self.refresh()
                self.show()
            case ["i", item, *unit]:
                self.instrument.set_item(item, unit[0] if unit else "")
                self.show()
            case ["s"] | []:
                self.refresh()
                self.show()
            case [sample, result]:
                self._read(sample, result)
            case _:
                self.show()
        return True

    def refresh(self) -> None:
        """Send what waits, if the cable is in."""
        if not self.cable:
            return
        try:
            if said := self.instrument.send():
                self.write(_("The platform: %(said)s") % {"said": said})
        except NoAnswer as why:
            self.write(_("No answer (%(why)s); it stays in the queue.") % {"why": why})
        except (TurnedAway, Refused) as why:
            self.write(_("The platform refuses this: %(why)s") % {"why": why})

    def _read(self, sample, result):
        try:
            reading = self.instrument.read(sample, result)
        except CannotRead as refusal:
            self.write(_(refusal.words))
            return
        said = f"{reading['value']} {reading['unit']}" if reading["value"] is not None else reading["text"]
        self.write(f"{reading['system_code']}  {reading['sample']}  {reading['item']}  {said}")
        self.refresh()
