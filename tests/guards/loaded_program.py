"""The program's command line in a process that has loaded it once and forks for each command.

Every `flask …` begins with a second of loading; a fork begins where that ends. From there on everything is as typed:
the same entry point reads the same arguments, settings and working directory.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

LOADED = """
import json, os, signal, sys
import flask.cli, wsgi
for line in sys.stdin:
    arguments, output = json.loads(line)
    child = os.fork()
    if not child:
        signal.alarm(int(sys.argv[1]))
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, 1), os.dup2(file, 2)
        sys.argv = arguments
        flask.cli.main()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class LoadedProgram:
    """Runs commands of the program one after the other."""

    def __init__(self, process: subprocess.Popen[str], output: Path) -> None:
        self._process, self._output = process, output

    def run(self, arguments: Sequence[str]) -> tuple[int, str]:
        """What `flask` ends with, given these words (its own name is the first), and all that it said."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([arguments, str(self._output)]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline()), self._output.read_text(encoding="utf-8")


@contextmanager
def loaded_program(place: Path, environment: Mapping[str, str], output: Path, patience: int) -> Iterator[LoadedProgram]:
    """The program that lies in a place, until the block ends; a command is ended after `patience` seconds."""
    command = [place / ".venv" / "bin" / "python", "-c", LOADED, str(patience)]
    with subprocess.Popen(
        command, cwd=place, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield LoadedProgram(process, output)
