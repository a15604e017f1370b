"""A real SMTP server in a process of its own: `python smtp_server.py PORT FOLDER`.

It tells its port, keeps each message as a file, and answers the addresses in FOLDER/refusals.json with the reply there.
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class Keeper:
    """What the server does with addresses and messages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(len(list(folder.glob("*.eml"))))

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """Take or refuse one address."""
        refusals = json.loads((self.folder / "refusals.json").read_text(encoding="utf-8"))
        if address in refusals:
            return str(refusals[address])
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the message."""
        draft = self.folder / "draft"
        draft.write_bytes(envelope.content)
        draft.rename(self.folder / f"{next(self.numbers):06d}.eml")
        return "250 OK"


async def serve(port: int, folder: Path) -> None:
    """Serve until the process is ended."""
    keeper = Keeper(folder)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(keeper), "127.0.0.1", port)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
