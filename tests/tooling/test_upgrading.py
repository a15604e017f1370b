"""`deploy/upgrade` on one server of several: who comes first migrates for all, who comes after takes the program alone.

The script runs as it is, with its folders in a temporary one and systemd, curl and the program played by files.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from survey.foundation.configuration.settings import ROOT

PLACES = {
    "/opt/hai-long": "program",
    "/var/lib/hai-long/upgrade": "state",
    "/etc/systemd/system": "units",
    "/usr/local/bin/hai-long": "command",
    "/run/systemd/system": "",
    "/etc/hai-long/environment": "environment",
}
# What each says and does; all are told apart in one log. The program migrates to its own last file.
PLAYED = {
    "id": "echo 0",
    "install": "",
    "sleep": "",
    # Whoever is named runs nothing as another: psql is a file too, which says what it was asked.
    "runuser": 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"',
    "psql": 'echo "psql $*" >>{folder}/log; sed "s/^/SQL /" >>{folder}/log',
    "systemctl": 'echo "systemctl $*" >>{folder}/log',
    "curl": """
ready=$(cat {folder}/schema) own=$(ls {folder}/program/migrations/versions | tail -n 1 | cut -c-4)
case "$*" in
*-fsS*) [ "$ready" = "$own" ] && [ ! -e {folder}/broken ] ;;
*) echo "{{\\"schema\\":\\"$ready\\"}}" ;;
esac
""",
}
PROGRAM = """#!/bin/sh
echo "$*" >>{folder}/log
own=$(ls {folder}/program/migrations/versions | tail -n 1 | cut -c-4)
case "$*" in
"survey restore "*) echo "$own" >{folder}/schema ;;
"survey backup "*) [ "$own" = "$(cat {folder}/schema)" ] ;;
"db upgrade")
    [ ! -e {folder}/broken ] && echo "$own" >{folder}/schema
    if [ -e {folder}/no-power-then ]; then rm {folder}/no-power-then; kill -KILL $PPID; fi ;;
"db current") [ "$own" != "$(cat {folder}/schema)" ] || echo "$own (head)" ;;
esac
"""
# There is no network, or the machine loses its power in the middle, as often as the file says.
LIBRARIES = """#!/bin/sh
if [ "$1" = -c ]; then cd {root} && exec {python} "$@"; fi
for trouble in no-network no-power; do
    left=$(cat {folder}/$trouble 2>/dev/null || echo 0)
    [ "$left" = 0 ] && continue
    echo $((left - 1)) >{folder}/$trouble
    [ $trouble = no-network ] && exit 1
    kill -KILL $PPID
done
"""


class Server:
    """A checkout at the version with migration 0001; the next brings 0002."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.program, self.played = folder, folder / "program", folder / "played"
        for name in ("program/deploy", "program/migrations/versions", "program/.venv/bin", "state", "units", "played"):
            (folder / name).mkdir(parents=True)
        scripts = {name: (ROOT / "deploy" / name).read_text(encoding="utf-8") for name in ("upgrade", "settings.sh")}
        for place, name in PLACES.items():
            scripts = {own: text.replace(place, str(folder / name)) for own, text in scripts.items()}
        played = {self.played / name: f"#!/bin/sh\n{words}\n" for name, words in PLAYED.items()}
        played |= {self.program / ".venv/bin/python": LIBRARIES, self.program / ".venv/bin/pybabel": "#!/bin/sh\n"}
        played |= {self.program / "deploy/hai-long": PROGRAM}
        for name, text in scripts.items():
            (self.program / "deploy" / name).write_text(text, encoding="utf-8")
        for path, words in played.items():
            path.write_text(words.format(folder=folder, root=ROOT, python=sys.executable), encoding="utf-8")
            path.chmod(0o755)
        (self.program / "requirements.txt").touch()
        (self.program / ".gitignore").write_text(".venv\n")
        self.git("init", "-q")
        for number in ("0001", "0002"):
            (self.program / f"migrations/versions/{number}_change.py").touch()
            self.git("add", "-A")
            self.git("commit", "-qm", number)
        self.newer = self.git("rev-parse", "HEAD")
        self.git("checkout", "-q", "HEAD~1")
        self.stands_at("0001")
        (folder / "environment").write_text(f"DATABASE_URL=sqlite:///{folder}/data.sqlite3\n")

    def git(self, *arguments: str) -> str:
        """What Git says in the checkout."""
        person = ("-c", "user.name=n", "-c", "user.email=n@example.vn")
        command = ["git", "-C", str(self.program), *person, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def stands_at(self, schema: str) -> None:
        """Where the database of all servers stands."""
        (self.folder / "schema").write_text(f"{schema}\n")

    def upgrade(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        command = ["sh", str(self.program / "deploy/upgrade"), *(options or (self.newer,))]
        environment = {**os.environ, "PATH": f"{self.played}:{os.environ['PATH']}"}
        return subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=60)

    @property
    def did(self) -> list[str]:
        """What the service and the program were asked."""
        return (self.folder / "log").read_text(encoding="utf-8").splitlines()

    @property
    def schema(self) -> str:
        """Where the database stands."""
        return (self.folder / "schema").read_text().strip()


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_the_first_server_backs_up_and_migrates(server: Server) -> None:
    done = server.upgrade()
    assert done.returncode == 0, done.stderr
    assert server.git("rev-parse", "HEAD") == server.newer
    assert any(line.startswith("survey backup ") for line in server.did)
    assert "db upgrade" in server.did


def test_the_next_server_finds_the_database_migrated_and_takes_the_program_alone(server: Server) -> None:
    server.stands_at("0002")
    done = server.upgrade()
    assert done.returncode == 0, done.stderr
    assert server.git("rev-parse", "HEAD") == server.newer
    assert "các bảng đã được máy khác đổi từ trước" in done.stdout
    assert [line for line in server.did if not line.startswith("systemctl")] == []


def test_an_upgrade_that_migrates_nothing_gives_the_earlier_program_back_and_leaves_the_data(server: Server) -> None:
    (server.folder / "broken").touch()
    before = server.git("rev-parse", "HEAD")
    assert server.upgrade().returncode == 1
    assert server.git("rev-parse", "HEAD") == before
    assert [line for line in server.did if line.startswith("survey restore")] == []
    assert server.did[-1] == "systemctl start hai-long"


def test_libraries_that_cannot_be_had_leave_the_version_of_before_running(server: Server) -> None:
    before = server.git("rev-parse", "HEAD")
    (server.folder / "no-network").write_text("2")  # for the newer ones, and when those of before are looked at again
    done = server.upgrade()
    assert done.returncode == 1
    assert (server.git("rev-parse", "HEAD"), server.schema) == (before, "0001")
    assert "db upgrade" not in server.did
    assert server.did[-1] == "systemctl start hai-long"


@pytest.mark.parametrize(("cut_off", "restores"), [("no-power", False), ("no-power-then", True)])
def test_an_upgrade_that_was_cut_off_is_undone_and_done_by_the_next(
    server: Server, cut_off: str, restores: bool
) -> None:
    before = server.git("rev-parse", "HEAD")
    (server.folder / cut_off).write_text("1")
    assert server.upgrade().returncode < 0
    done = server.upgrade()
    assert done.returncode == 0, done.stderr
    assert "bị ngắt giữa chừng" in done.stderr
    assert (server.git("rev-parse", "HEAD"), server.schema) == (server.newer, "0002")
    assert any(line.startswith("survey restore") for line in server.did) == restores
    assert (server.folder / "state/commit").read_text().strip() == before


def test_what_another_server_took_while_an_upgrade_was_cut_off_is_not_put_aside(server: Server) -> None:
    (server.folder / "no-power").write_text("1")
    assert server.upgrade().returncode < 0
    server.stands_at("0002")
    done = server.upgrade()
    assert done.returncode == 0, done.stderr
    assert "các bảng đã được máy khác đổi từ trước" in done.stdout
    assert server.git("rev-parse", "HEAD") == server.newer
    assert [line for line in server.did if line.startswith("survey restore")] == []


def test_rolling_back_keeps_the_data_of_a_file_beside_it(server: Server) -> None:
    assert server.upgrade().returncode == 0
    for ending in ("", "-wal", "-shm"):
        (server.folder / f"data.sqlite3{ending}").write_text(f"answers{ending}")
    done = server.upgrade("--roll-back")
    assert done.returncode == 0, done.stderr
    kept = sorted(server.folder.glob("data.sqlite3*"))
    assert [path.read_text() for path in kept] == ["answers", "answers-shm", "answers-wal"]
    assert not (server.folder / "data.sqlite3").exists()  # the restore makes it anew


@pytest.mark.parametrize(
    "line",
    [
        'DATABASE_URL="postgresql:///hai-long?host=/var/run/postgresql"',
        " export DATABASE_URL = postgresql:///hai-long\r",
        "# DATABASE_URL=sqlite:////elsewhere\nDATABASE_URL='postgresql:///hai-long'",
        "DATABASE_URL=postgresql+psycopg://hai-long@/hai-long?host=/run/postgresql&application_name=a",
        "PGHOST=/run/postgresql\nDATABASE_URL=postgresql:///hai-long",
        "DATABASE_URL=postgresql://hai-long:p%25$w%23d@localhost:5432/hai-long",
        "DATABASE_URL_FILE={folder}/url",
    ],
)
def test_rolling_back_finds_the_database_that_the_program_finds(server: Server, line: str) -> None:
    (server.folder / "url").write_text("postgresql:///hai-long\n")
    (server.folder / "environment").write_text(f"{line.format(folder=server.folder)}\n")
    assert server.upgrade().returncode == 0
    done = server.upgrade("--roll-back")
    assert done.returncode == 0, done.stderr
    asked = next(line for line in server.did if line.startswith("psql "))
    assert " -p 5432 " in asked
    assert " name=hai-long " in asked
    assert f"cơ sở dữ liệu {asked.partition('aside=')[2].split()[0]}." in done.stdout
    assert any(line.startswith("SQL CREATE DATABASE") for line in server.did)


@pytest.mark.parametrize(
    "url",
    ["postgresql://10.0.0.21/hai-long", "postgresql:///hai-long?host=10.0.0.21,10.0.0.22&port=5432,5432", "PGHOST"],
)
def test_rolling_back_leaves_a_database_of_another_machine_to_the_operator(server: Server, url: str) -> None:
    line = "PGHOST=db.tinh.vn\nDATABASE_URL=postgresql:///hai-long" if url == "PGHOST" else f"DATABASE_URL={url}"
    (server.folder / "environment").write_text(f"{line}\n")
    assert server.upgrade().returncode == 0
    done = server.upgrade("--roll-back")
    assert done.returncode == 1
    assert "không phải của máy này" in done.stderr
    assert [line for line in server.did if line.startswith(("psql", "survey restore"))] == []


def test_rolling_back_takes_the_port_and_the_name_that_the_address_says(server: Server) -> None:
    (server.folder / "environment").write_text("DATABASE_URL=postgresql:///hai-long-2?port=5433\n")
    assert server.upgrade().returncode == 0
    assert server.upgrade("--roll-back").returncode == 0
    asked = next(line for line in server.did if line.startswith("psql "))
    assert " -p 5433 " in asked
    assert " name=hai-long-2 " in asked


def test_what_an_upgrade_puts_there_may_be_read_by_the_service_whatever_root_keeps_to_itself(server: Server) -> None:
    before = os.umask(0o077)
    try:
        assert server.upgrade().returncode == 0
    finally:
        os.umask(before)
    assert (server.program / "migrations/versions/0002_change.py").stat().st_mode & 0o777 == 0o644
