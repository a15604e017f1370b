"""Runs the application in processes that can be killed: `python -m tests.kiosk.faults.serve PORT`.

For each RELEASE it reads, once the server before is dead, it forks a server and prints that one's process id: the
program is read only once. RELEASE stands in the shell's texts, so that another release is another version of the shell.
"""

from __future__ import annotations

import contextlib
import os
import sys

from werkzeug.serving import make_server

from kiosk.pages import texts
from wsgi import create_app


def main() -> None:
    port = int(sys.argv[1])
    for line in sys.stdin:
        with contextlib.suppress(ChildProcessError):
            os.wait()
        if os.fork() == 0:
            serve(port, line.strip())


def serve(port: int, release: str) -> None:
    texts.TEXTS["release"] = release
    server = make_server("127.0.0.1", port, create_app(), threaded=True)
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
