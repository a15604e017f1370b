"""Files and functions stay small enough to be read at one sitting."""

from __future__ import annotations

from statistics import median, quantiles

from tests.guards.source import functions, modules

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MEDIAN_FILE, TENTH_LONGEST_FILE = 90, 250
MEDIAN_FUNCTION = 9


def test_no_file_is_too_long_to_read() -> None:
    assert [f"{module.place}: {module.lines}" for module in modules() if module.lines > LONGEST_FILE] == []


def test_no_function_is_too_long_to_read() -> None:
    lengths = {
        f"{module.place}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module, node in functions()
    }
    assert {place: length for place, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_most_files_and_functions_are_short() -> None:
    files = [module.lines for module in modules() if module.lines]
    bodies = [(node.end_lineno or 0) - node.lineno + 1 for _module, node in functions()]
    assert median(files) <= MEDIAN_FILE
    assert quantiles(files, n=10)[-1] <= TENTH_LONGEST_FILE
    assert median(bodies) <= MEDIAN_FUNCTION


def test_every_function_says_what_it_takes_and_gives() -> None:
    assert [
        f"{module.place}:{node.lineno} {node.name}"
        for module, node in functions()
        if (node.returns is None and node.name != "__init__")
        or any(
            argument.annotation is None
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            if argument.arg not in ("self", "cls")
        )
    ] == []
