"""The files in which gunicorn's workers count: those of a worker that ended are added to one file and removed.

Otherwise every worker that gunicorn replaces would leave its files behind for as long as the server runs.
"""

from __future__ import annotations

from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict


def retire(directory: Path, pid: int) -> None:
    """Add what worker `pid` counted to ``<type>_retired.db``. Only gunicorn's one master process may call this."""
    for ended in directory.glob(f"*_{pid}.db"):
        kind = ended.name.partition("_")[0]
        total = MmapedDict(str(directory / f"{kind}_retired.db"))
        for key, value, _timestamp, _place in MmapedDict.read_all_values_from_file(str(ended)):
            before, _ = total.read_value(key)
            total.write_value(key, before + value, 0.0)
        total.close()
        ended.unlink()
