"""`make bench [BENCH=name]`: every measurement, or one. Servers are started where none were named."""

import os
import subprocess
import sys
from pathlib import Path

from deploy.local import Trouble
from deploy.local.life import Life
from deploy.local.messages import compile_all
from deploy.local.servers import Servers
from deploy.local.venv import ROOT, folder

HERE = Path(__file__).parent


def names() -> list[str]:
    return sorted(
        file.stem for file in HERE.glob("*.py") if "def main(" in file.read_text() and file.stem != "__main__"
    )


def main(wanted: list[str]) -> None:
    for unknown in set(wanted) - set(names()):
        raise Trouble(f"There is no measurement called {unknown}; there are: {', '.join(names())}.")
    life = Life(folder() / "bench")
    servers = Servers(life)
    try:
        servers.start()
        compile_all(ROOT / "locale", life.var / "locale")
        env = {**os.environ, **servers.env, "VAR": str(life.var)}
        for name in wanted or names():
            if subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=ROOT, env=env, check=False).returncode:
                raise Trouble(f"The measurement {name} failed; the reason is above.")
    finally:
        servers.stop()
        life.end()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Trouble as error:
        sys.exit(str(error))
