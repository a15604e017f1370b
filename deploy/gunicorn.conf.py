"""How gunicorn serves `wsgi:app`. Every value can be set from the environment; docs/deployment.md tells when to."""

import ctypes
import gc
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # gunicorn goes to the program's folder only later

from survey.foundation.configuration.settings import SettingError, Settings, load_environment, whole_number_wanted
from survey.foundation.server.logs import places


def _whole(name: str, text: str | None, default: int, most: int) -> int:
    if not (text or "1").isascii() or not (text or "1").isdigit() or not 1 <= int(text or 1) <= most:
        sys.exit(str(whole_number_wanted(name, 1, most, text or "")))
    return int(text or default)


try:
    load_environment()
    Settings.from_environment()  # a wrong one ends the start with its message alone
except SettingError as error:
    sys.exit(str(error))
port = _whole("PORT", os.environ.get("PORT"), 8000, 65535)
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{port}"
worker_class = "gthread"
workers = _whole("WEB_CONCURRENCY", os.environ.get("WEB_CONCURRENCY"), 2, 256)
threads = _whole("THREADS", os.environ.get("THREADS"), 8, 1024)

# The program is read once, and what it takes of memory is shared by the workers: 50 MB less with two, and a worker that
# replaces another answers at once. The first process asks itself for a visit and the desk's first page, and closes its
# connections of the database before it forks; each worker has its own pool.
# New code therefore needs a restart: SIGHUP would start workers with the old.
preload_app = True
# A worker that has served this many requests is replaced, so that a slow leak cannot fill the machine.
max_requests = 20_000
max_requests_jitter = 2_000
# Reports and exports are the longest requests; on a stop, requests under way may finish.
timeout = 120
graceful_timeout = 30
# Longer than nginx keeps its connections to us (60 s), or one would be closed under a request on its way.
keepalive = 75

# What a request says of its own way is believed by TRUSTED_PROXIES alone. gunicorn would believe whatever comes from
# this machine, as behind a proxy everything does: a header `SCRIPT_NAME: //evil.example` led every link there.
forwarded_allow_ips = ""

# No access log: it would hold the network addresses of people who answer anonymously.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "info").lower()


class NamelessLogger(Logger):  # type: ignore[misc]
    """gunicorn's log without what names a visitor: of a request that cannot be read it would write address and line."""

    def warning(self, msg: str, *args: Any, **options: Any) -> None:
        """Say of a request that cannot be read only in what way."""
        if msg.startswith("Invalid request from"):
            msg, args = "Invalid request: %s", (getattr(sys.exc_info()[0], "__name__", "unreadable"),)
        super().warning(msg, *args, **options)

    def exception(self, msg: object, *args: Any, **options: Any) -> None:
        """Say what failed where: not the request's own address, which may hold a code, nor what an error quotes."""
        super().error("%s\n%s", str(msg).replace(" %s", ""), places(sys.exc_info()[1]), **options)

    def debug(self, msg: str, *args: Any, **options: Any) -> None:
        """Name errors by their kind: they quote what was sent."""
        kinds = (type(arg).__name__ if isinstance(arg, BaseException) else arg for arg in args)
        super().debug(msg, *kinds, **options)


logger_class = NamelessLogger
# systemd manages the service; a second door in the home directory would only be shared by every server of one account.
control_socket_disable = True
# The heartbeat file lies in memory: a slow disk must not make workers look dead.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


C_LIBRARY = ctypes.CDLL(None)
GIVES_BACK_EVERY = 60.0  # seconds


def _keep_freed_memory() -> None:
    """Keep freed memory for the next page instead of asking the system for it again: a fifth less processor time.

    And two heaps for all threads, of which only one runs at a time: 20 MB less. Only GNU's library knows this.
    """
    trim_threshold, mmap_threshold, arenas = -1, -3, -8  # as malloc.h numbers them
    set_option = getattr(C_LIBRARY, "mallopt", None)
    if set_option is not None:
        for option, value in ((trim_threshold, 2**27), (mmap_threshold, 2**25), (arenas, 2)):
            set_option(option, value)


def give_back_memory() -> None:
    """Give the system what is free between things that stay.

    Documents made side by side leave such holes, and a worker would for hours take a little more than ever before.
    """
    trim = getattr(C_LIBRARY, "malloc_trim", None)
    if trim is not None:
        trim(0)


def post_worker_init(worker: Any) -> None:
    """Each worker does so once a minute: what is freed and taken again in between stays at hand."""

    def again_and_again() -> None:
        while True:
            time.sleep(GIVES_BACK_EVERY)
            give_back_memory()

    threading.Thread(target=again_and_again, name="give-back-memory", daemon=True).start()


_keep_freed_memory()
COUNTING = "HAI_LONG_COUNTING"  # the process that made the directory: gunicorn reads this file again on SIGHUP


def _one_directory_for_counts() -> None:
    """Give the workers one directory for their counts, so that /metrics answers for all; fresh at each start.

    It must be known before the program is read, which is before any of gunicorn's own hooks.
    """
    if os.environ.get(COUNTING) != str(os.getpid()):
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="hai-long-metrics-", dir=worker_tmp_dir)
        os.environ[COUNTING] = str(os.getpid())


_one_directory_for_counts()


def when_ready(server: Any) -> None:
    """What is in memory now stays; a worker that looked through it for garbage would copy it.

    What the rehearsed pages left free goes back first: 30 MB with 300 agencies and a million answers.
    """
    gc.collect()
    give_back_memory()
    gc.freeze()


def child_exit(server: Any, worker: Any) -> None:
    """Keep what a worker that ended has counted, in one file for all of them."""
    from survey.foundation.server.metrics_files import retire

    retire(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]), worker.pid)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
