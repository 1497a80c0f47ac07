"""PostgreSQL and Valkey for the tests, by the same starter as `make run`, unless addresses were given."""

from __future__ import annotations

import atexit
import os
import sys

from deploy.local import Trouble
from deploy.local.life import Life
from deploy.local.servers import Servers
from deploy.local.venv import folder

# Tests need no survival of a power cut, and commit often.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def ensure() -> None:
    """Sets the addresses in the environment, from where the workers of xdist inherit them."""
    if os.environ.get("DATABASE_URL") and os.environ.get("BROKER_URL"):
        return
    try:
        life = Life(folder() / "test")
        servers = Servers(life, **QUICK)
        atexit.register(life.end)
        atexit.register(servers.stop)
        servers.start()
    except Trouble as error:
        sys.exit(str(error))
    os.environ.update(servers.env)
