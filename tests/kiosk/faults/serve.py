"""Runs the application as a process of its own that can be killed: `python -m tests.kiosk.faults.serve PORT RELEASE`.

RELEASE stands in the shell's texts, so that another release is another version of the shell.
"""

from __future__ import annotations

import sys

from kiosk import texts


def main() -> None:
    port, release = int(sys.argv[1]), sys.argv[2]
    texts.TEXTS["release"] = release  # type: ignore[assignment]

    from werkzeug.serving import make_server

    from wsgi import create_app

    app = create_app()
    server = make_server("127.0.0.1", port, app, threaded=True)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
