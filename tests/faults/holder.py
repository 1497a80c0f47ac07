"""Start PostgreSQL and Valkey in a folder as `make run` does, say so, and hold them until told to stop.

python -m tests.faults.holder FOLDER
"""

import json
import signal
import sys
import threading
from pathlib import Path

from deploy.local import Trouble
from deploy.local.life import Life
from deploy.local.servers import Servers


def main(folder: Path) -> None:
    told_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.set())
    life = Life(folder)
    servers = Servers(life)
    try:
        servers.start()
        servers.watch()
        print(json.dumps(servers.env), flush=True)  # noqa: T201
        told_to_stop.wait()
    finally:
        servers.stop()
        life.end()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Trouble as error:
        sys.exit(str(error))
