"""`make test`: a browser, the servers, then every test; pytest has the last word."""

from __future__ import annotations

import os
import subprocess
import sys

from deploy.local import Trouble, browser
from deploy.local.venv import ROOT


def main() -> int:
    os.chdir(ROOT)
    try:
        os.environ["CHROMIUM"] = browser.ensure()
    except Trouble as error:
        sys.exit(str(error))
    return subprocess.run([sys.executable, "-m", "pytest", "-n", "2", *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
