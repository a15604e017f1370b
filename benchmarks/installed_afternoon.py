"""The afternoon on a machine that deploy/install has made: PostgreSQL, nginx with TLS, `hai-long` for every command.

    PASSWORD=… python -m benchmarks.installed_afternoon URL FOLDER STEPS

`benchmarks/bare_debian.sh FOLDER afternoon` starts it as root inside a bare Debian, after installing in `STEPS` steps.
"""

from __future__ import annotations

import http.cookiejar
import os
import shutil
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from benchmarks.afternoon import STEPS, Afternoon, make_files

# What deploy/install has done before, and what another machine does afterwards.
DONE_BEFORE, DONE_AFTER = 3, 1
CERTIFICATE = "/etc/ssl/hai-long/fullchain.pem"


def main() -> None:
    """Play what lies between installing and restoring elsewhere, counting on."""
    base, folder, before = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    make_files(folder)
    for path in folder.iterdir():
        shutil.chown(path, "hai-long", "hai-long")
    afternoon = Installed(folder, base, os.environ["PASSWORD"])
    names = list(STEPS)[DONE_BEFORE : len(STEPS) - DONE_AFTER]
    for number, (step, do) in enumerate(zip(names, afternoon.steps(), strict=True), start=before + 1):
        started = time.monotonic()
        said = do().replace(f"{folder}/", "")
        print(f"{number} {time.monotonic() - started:.1f} s: {step}: {said}", flush=True)
    (folder / "steps").write_text(f"{before + len(names)}\n", encoding="utf-8")


class Installed(Afternoon):
    """The same steps through what stands on the machine."""

    def __init__(self, folder: Path, base: str, password: str) -> None:
        super().__init__(folder)
        self.base, self.password = base, password
        trusting = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=CERTIFICATE))
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(trusting, cookies)
        self.tablet = urllib.request.build_opener(trusting)

    def steps(self) -> list[Callable[[], str]]:
        """Without installing, which is done, and without restoring, which another machine does."""
        every = super().steps()
        return every[DONE_BEFORE : len(every) - DONE_AFTER]

    def command(self, *arguments: str, database: str = "") -> str:
        """Run a command as docs/operations.vi.md says; the last line that it says."""
        command = ["/usr/local/bin/hai-long", *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stdout}")
        lines = [line for line in done.stdout.splitlines() if not line.startswith("Hoàn tác")]
        return lines[-1] if lines else ""


if __name__ == "__main__":
    main()
