"""A platform for scales, small enough to read: keeps what it is told, and fails on command.

`faults` are used up one a request: `refuse` closes before reading, `lose_answer` does the work and closes,
`unavailable` answers 503, `garbage` breaks the answer off, `portal` is a hotel's log-in page.
"""

import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kit.codes import new_token, new_typed_code
from kit.device_signing import key_bytes, read_headers, verify

KEY = "5a" * 32
DEVICE = "0192f0c1-7d3a-7c55-8e21-5a0b6c9d1e2f"
STALL = new_token()
OLD, NEW = new_token(), new_token()


class Platform:
    """What the platform knows. `received` keeps every body as it came, `sales` each sale once."""

    def __init__(self):
        self.faults = []
        self.received = []
        self.sales = {}
        self.issued = {}
        self.unreadable = set()
        self.keys = [KEY]
        self.ahead_s = 0
        self.lates = 0
        self.delta = {"full": True, **goods()}

    def now(self):
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.ahead_s)

    def answer(self, method, target, body, headers):
        if target == "/api/v1/device/time":
            return 200, {"server_time": self.now().isoformat()}
        signed = read_headers(headers)
        keys = [key_bytes(key) for key in self.keys]
        verdict = verify(keys, method, target, body, signed, now=int(self.now().timestamp()))
        if not verdict.accepted:
            return 401, {"code": verdict.value}
        self.lates += verdict == "late"
        if method == "GET":
            return 200, {"cursor": "c1", "more": False, "server_time": self.now().isoformat(), **self.delta}
        message = json.loads(body)
        self.received.append(body)
        return self._sales(message) if target.endswith("/sales") else self._codes(message)

    def _codes(self, message):
        codes = [{"token": new_token(), "typed_code": new_typed_code()} for _ in range(message["count"])]
        codes = self.issued.setdefault(message["sequence"], codes)
        return 200, {"sequence": message["sequence"], "codes": codes, "voucher_url": "https://example.cn/v/"}

    def _sales(self, message):
        if self.unreadable & {sale["sequence"] for sale in message["sales"]}:
            return 422, {"code": "invalid"}
        return 200, {"items": [self._item(sale) for sale in message["sales"]], "gaps": self.gaps()}

    def _item(self, sale):
        known = self.sales.setdefault(sale["sequence"], sale)
        result = "duplicate" if known is not sale else "recorded"
        if known != sale:
            return {"sequence": sale["sequence"], "result": "set_aside", "code": "different_content", "flags": []}
        return {"sequence": sale["sequence"], "result": result, "code": None, "flags": []}

    def gaps(self):
        known = set(self.sales) | set(self.issued)
        return [[number, number] for number in range(1, max(known, default=0)) if number not in known]


def goods():
    batch = {
        "seller_place": STALL,
        "product_code": "0101",
        "product_name": "辣椒",
        "origin_text": "云南省元谋县",
        "expires_on": "2999-01-01",
        "test_text": "快检未检出",
    }
    return {
        "voucher_url": "https://example.cn/v/",
        "places": [
            {
                "token": STALL,
                "seller_name": "阿强蔬菜",
                "seller_phone": "13800138000",
                "stall_no": "A12",
                "market_name": "百旺城批发市场",
                "trade_day_starts_at": "20:00",
            }
        ],
        "batches": [
            {
                **batch,
                "token": NEW,
                "typed_code": "7K2M9QXA4M",
                "made_at": "2026-11-22T03:00:00+08:00",
                "left_kg": "500",
            },
            {
                **batch,
                "token": OLD,
                "typed_code": "7K2M9QXA4M",
                "made_at": "2026-11-21T03:00:00+08:00",
                "left_kg": "40",
            },
        ],
        "buttons": [{"id": "b3", "number": 3, "product_code": "0101", "label": "辣椒"}],
        "holds": [],
        "buyers": [
            {
                "id": "r1",
                "seller_place": STALL,
                "kind": "stall",
                "token": new_token(),
                "name": "张记蔬菜",
                "last_sold_at": "2026-11-21T05:00:00+08:00",
            }
        ],
    }


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self._serve("GET")

    def do_POST(self):
        self._serve("POST")

    def log_message(self, *args):
        """Quiet."""

    def _serve(self, method):
        platform = self.server.platform
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = platform.faults.pop(0) if platform.faults else None
        if fault == "refuse":
            return
        status, answer = platform.answer(method, self.path, body, self.headers)
        content = json.dumps(answer).encode()
        if fault == "lose_answer":
            return
        if fault == "unavailable":
            status, content = 503, b"{}"
        if fault == "garbage":
            content = content[: len(content) // 2]
        if fault == "portal":
            content = b"<html>Please log in</html>"
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if fault == "unavailable":
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(content)


class Server(ThreadingHTTPServer):
    """The platform on a free port; `url` is where."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.platform = Platform()
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self):
        self.shutdown()
        self.server_close()
        self._thread.join()
