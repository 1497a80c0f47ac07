"""Sending what was sold, and fetching what changed.

One message is under way at a time. Its bytes are kept and sent again until there is an answer, across
restarts; only then is the next one made.
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote

from traceability.scale.client import Scale
from traceability.scale.memory import Row
from traceability.scale.transport import Connection, NoAnswer, Refused

SALES = "/api/v1/device/sales"
CODES = "/api/v1/device/codes"
DELTA = "/api/v1/device/delta"
TIME = "/api/v1/device/time"

SALES_A_MESSAGE = 100
CODES_WANTED = 300
CODES_LOW = 200
LONGEST_WAIT_S = 300
KEPT = 300
CLOCK_NOISE_S = 2
_UNREADABLE = frozenset({400, 409, 413, 415, 422})


@dataclass
class Report:
    """What one run did. `sent`: sales that got an answer. `notices`: what the operator must know of them.
    `refused`: the code of a problem that stopped the run. `waiting_s`: how long to leave the platform alone."""

    sent: int = 0
    notices: list[Row] = field(default_factory=list)
    refused: str | None = None
    waiting_s: float = 0.0


class Sync:
    """The scale's line to the platform. `jitter` gives a number from 0 to 1, `timer` seconds that never jump."""

    def __init__(
        self,
        scale: Scale,
        connection: Connection,
        *,
        jitter: Callable[[], float] = random.random,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.scale = scale
        self.connection = connection
        self.jitter = jitter
        self.timer = timer
        self._failures = 0
        self._not_before = timer()

    @property
    def state(self):
        return self.scale.memory.state

    def run(self, *, at_once: bool = False) -> Report:
        """Send everything, then fetch everything. Never raises for the network; `at_once` ignores the back-off."""
        report = Report()
        report.waiting_s = max(0.0, self._not_before - self.timer())
        if report.waiting_s and not at_once:
            return report
        try:
            self._send_all(report)
            self._fetch()
        except NoAnswer as error:
            self.scale.online = False
            report.waiting_s = self._back_off(error.retry_after)
        except Refused as error:
            self.scale.online = False
            report.refused = error.code
            report.waiting_s = self._back_off(None)
        else:
            self.scale.online = True
            self._failures = 0
            report.waiting_s = 0.0
        return report

    def _back_off(self, retry_after):
        wait_s = retry_after
        if wait_s is None:
            wait_s = min(LONGEST_WAIT_S, 2**self._failures) * (0.8 + 0.4 * self.jitter())
        self._failures = min(self._failures + 1, 16)
        self._not_before = self.timer() + wait_s
        return wait_s

    def _send_all(self, report):
        one_by_one = False
        asked_for_codes = False
        resent_gaps = False
        while message := self._message(one_by_one=one_by_one, with_codes=not asked_for_codes):
            asked_for_codes |= message["target"] == CODES
            try:
                answer = self._send(message)
            except Refused as error:
                if error.status not in _UNREADABLE:
                    raise
                one_by_one = True
                self._refused(message, error, report)
                continue
            if message["target"] == CODES:
                self._take_codes(answer)
                continue
            self._take_answers(message, answer, report)
            if not resent_gaps:
                resent_gaps = self._requeue(answer.get("gaps", []))
            self.scale.memory.save()

    def _message(self, *, one_by_one, with_codes):
        """The message under way, or a new one, kept before it is sent; None when there is nothing to say."""
        state = self.state
        if state.message is None and state.queue:
            sales = state.queue[: 1 if one_by_one else SALES_A_MESSAGE]
            sequences = [sale["sequence"] for sale in sales]
            self._keep(SALES, {"sales": sales}, sequences)
        elif state.message is None and with_codes and len(state.codes) < CODES_LOW:
            state.sequence += 1
            body = {"sequence": state.sequence, "count": CODES_WANTED - len(state.codes)}
            self._keep(CODES, body, [state.sequence])
        return state.message

    def _keep(self, target, body, sequences):
        self.state.message = {
            "target": target,
            "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
            "sequences": sequences,
            "timestamp": self._timestamp(),
        }
        self.scale.memory.save()

    def _send(self, message):
        try:
            return self._post(message)
        except Refused as error:
            if error.code != "clock_ahead":
                raise
            self._set_clock()
            message["timestamp"] = self._timestamp()
            self.scale.memory.save()
            return self._post(message)

    def _post(self, message):
        return self.connection.send(
            "POST",
            message["target"],
            message["body"].encode(),
            sequence=max(message["sequences"]),
            timestamp=message["timestamp"],
        )

    def _take_answers(self, message, answer, report):
        items = {item.get("sequence"): item for item in answer.get("items", []) if isinstance(item, dict)}
        answered = [sequence for sequence in message["sequences"] if sequence in items]
        if not answered:
            raise NoAnswer("an answer to something else")
        state = self.state
        done = [sale for sale in state.queue if sale["sequence"] in answered]
        state.queue = [sale for sale in state.queue if sale["sequence"] not in answered]
        state.sent = [*state.sent, *done][-KEPT:]
        state.message = None
        for sale in done:
            item = items[sale["sequence"]]
            self._draw_down(sale, item)
            if item.get("flags") or item.get("code"):
                self._notice(
                    {"sequence": sale["sequence"], "code": item.get("code"), "flags": item.get("flags")}, report
                )
        report.sent += len(done)

    def _draw_down(self, sale, item):
        """Until the next delta says it, the answered sale is not in the platform's figure any more."""
        if item.get("result") == "set_aside":
            return
        for line in sale["lines"]:
            batch = self.state.batches.get(line["batch_token"])
            if batch:
                batch["left_kg"] = str(Decimal(batch["left_kg"]) - Decimal(line["weight_kg"]))

    def _refused(self, message, error, report):
        """An unreadable message is taken apart; a single unreadable sale is put aside for a person."""
        state = self.state
        state.message = None
        if message["target"] == SALES and len(message["sequences"]) == 1:
            (sequence,) = message["sequences"]
            state.stuck += [sale for sale in state.queue if sale["sequence"] == sequence]
            state.queue = [sale for sale in state.queue if sale["sequence"] != sequence]
            self._notice({"sequence": sequence, "code": error.code, "flags": []}, report)
        self.scale.memory.save()

    def _requeue(self, gaps):
        """Sales the platform lost, and this scale still has, go back into the queue. Says whether there were any."""
        ranges = [(first, last) for first, last in gaps]
        lost = [sale for sale in self.state.sent if any(a <= sale["sequence"] <= b for a, b in ranges)]
        again = {sale["sequence"] for sale in lost}
        self.state.sent = [sale for sale in self.state.sent if sale["sequence"] not in again]
        self.state.queue = sorted([*lost, *self.state.queue], key=lambda sale: sale["sequence"])
        return bool(lost)

    def _take_codes(self, answer):
        self.state.codes += answer.get("codes", [])
        self.state.voucher_url = answer.get("voucher_url", self.state.voucher_url)
        self.state.message = None
        self.scale.memory.save()

    def _fetch(self):
        more = True
        while more:
            since = f"?since={quote(self.state.cursor, safe='')}" if self.state.cursor else ""
            delta = self._get(DELTA + since)
            try:
                self._compare_clock(delta["server_time"])
                apply_delta(self.state, delta)
            except (KeyError, TypeError, ValueError) as error:
                raise NoAnswer("a broken answer") from error
            self.scale.memory.save()
            more = delta.get("more", False)

    def _get(self, target):
        try:
            return self._signed_get(target)
        except Refused as error:
            if error.code != "clock_ahead":
                raise
            self._set_clock()
            return self._signed_get(target)

    def _signed_get(self, target):
        return self.connection.send("GET", target, b"", sequence=self.state.sequence, timestamp=self._timestamp())

    def _timestamp(self):
        return int(self.scale.now().timestamp())

    def _set_clock(self):
        self._compare_clock(self.connection.ask(TIME)["server_time"])

    def _compare_clock(self, server_time):
        server = datetime.fromisoformat(server_time)
        if abs((server - self.scale.now()).total_seconds()) > CLOCK_NOISE_S:
            self.state.clock_offset = (server - self.scale.clock()).total_seconds()

    def _notice(self, notice, report):
        self.state.notices = [*self.state.notices, notice][-KEPT:]
        report.notices.append(notice)


_KEYED = {"places": "token", "batches": "token", "buttons": "id", "holds": "id", "buyers": "id"}


def apply_delta(state, delta: Row) -> None:
    """Fold one delta into what the scale knows, all of it or nothing. Raises KeyError, TypeError."""
    cursor = delta["cursor"]
    known = {}
    for name, key in _KEYED.items():
        gone = delta.get("removed", {}).get(name, [])
        before = {} if delta.get("full") else getattr(state, name)
        after = before | {row[key]: row for row in delta.get(name, [])}
        known[name] = {token: row for token, row in after.items() if token not in gone}
    for name, rows in known.items():
        setattr(state, name, rows)
    state.voucher_url = delta.get("voucher_url", state.voucher_url)
    state.cursor = cursor
