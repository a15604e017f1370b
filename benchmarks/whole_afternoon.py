"""From a bare Debian to a published month and its backup restored on another one: `bare_debian.sh FOLDER afternoon`.

    python -m benchmarks.whole_afternoon

Needs root and debootstrap. BARE_DEBIAN names a folder that keeps the bare system and the wheels for the next time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from survey.foundation.configuration.settings import ROOT


def main() -> int:
    """Play it; each step is printed as it ends."""
    folder = os.environ.get("BARE_DEBIAN") or tempfile.mkdtemp(prefix="bare-debian-")
    command = ["sh", str(ROOT / "benchmarks" / "bare_debian.sh"), folder, "afternoon"]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
