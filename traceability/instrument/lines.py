"""The two ways in which an instrument uploads: the DY family's message, and our signed one."""

from __future__ import annotations

import base64
import datetime as dt
import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from traceability.scale.transport import Connection, NoAnswer

DY_TARGET, SIGNED_TARGET = "/api/v1/instruments/dy", "/api/v1/device/readings"
MAX_ANSWER_BYTES = 64 * 1024

Row = dict[str, Any]


class TurnedAway(Exception):
    """The platform does not take this message; a person has to look. Nothing of it was stored."""


def dy_message(readings: list[Row], *, username: str, device: str) -> Row:
    """The message of the DY family, for readings of one item."""
    return {
        "username": username, "itemid": readings[0]["item"], "deviceid": device, "totalnum": len(readings),
        "longitude": 112.8967, "latitude": 23.1559,
        "Details": [
            {
                "SysCode": each["system_code"], "sampleid": each["sample"],
                "doublevalue": None if each["value"] is None else float(each["value"]),
                "unit": each["unit"], "stringvalue": each["text"],
                "time": f"{dt.datetime.fromisoformat(each['tested_at']):%Y-%m-%d %H:%M:%S}",
            }
            for each in readings
        ],
    }  # fmt: skip


@dataclass(frozen=True)
class DyLine:
    """As the DY family does it: HTTP Basic with the device's id and key. `username` is who works it."""

    base_url: str
    device: str
    key: str
    username: str
    timeout_s: float = 10

    def upload(self, readings: list[Row], *, number: int) -> str:
        """The platform's message. Raises NoAnswer, TurnedAway."""
        body = json.dumps(dy_message(readings, username=self.username, device=self.device), ensure_ascii=False)
        status, answer = self._exchange(body.encode())
        code, said = answer.get("code"), str(answer.get("message", status))
        if code == 0 or (code == 3 and said.startswith("known")):
            return said
        if code in (1, 2):
            raise TurnedAway(said)
        raise NoAnswer(said)

    def _exchange(self, body):
        address = urlsplit(self.base_url)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        line = kind(address.hostname or "", address.port, timeout=self.timeout_s)
        secret = base64.b64encode(f"{self.device}:{self.key}".encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {secret}"}
        try:
            line.request("POST", DY_TARGET, body, headers)
            response = line.getresponse()
            answer = json.loads(response.read(MAX_ANSWER_BYTES))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer(str(error) or type(error).__name__) from error
        finally:
            line.close()
        return response.status, answer if isinstance(answer, dict) else {}


@dataclass(frozen=True)
class SignedLine:
    """Our own way, signed like a scale's messages."""

    connection: Connection
    username: str

    def upload(self, readings: list[Row], *, number: int) -> str:
        """What became of the readings, counted. Raises NoAnswer, and Refused as the scale's transport does."""
        sent = [each | {"username": self.username} for each in readings]
        body = json.dumps({"sequence": number, "readings": sent}, ensure_ascii=False).encode()
        answer = self.connection.send("POST", SIGNED_TARGET, body, sequence=number, timestamp=int(time.time()))
        results = [item["result"] for item in answer["items"]]
        return ", ".join(f"{results.count(each)} {each}" for each in dict.fromkeys(results))
