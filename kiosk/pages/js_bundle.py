"""The shell's modules as one script: on a weak line a terminal asks once instead of once for each of them.

Every module becomes a function that runs once, after those it imports from, and gives back what it exports: it keeps
a scope of its own. Only the forms our modules use are understood; any other is refused and named, before it is served.
Lines that hold nothing but a comment are left out: they are a third of what would be sent.
"""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path
from posixpath import dirname, join, normpath

_NAMES = r"\{ (\w+(?:, \w+)*) \}"
_IMPORT = re.compile(rf"^import {_NAMES} from '(\.[^']+)';$", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+)\b)", re.MULTILINE)
_EXPORTS = re.compile(rf"^export {_NAMES};$", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:[^*]|\*(?!/))*\*/|//.*)\n", re.MULTILINE)
_OTHER_FORM = re.compile(r"^(?:import|export)\b.*|\bimport(?:\(|\.meta\b).*", re.MULTILINE)


class Module:
    """One module: which names it imports from which others, which it exports, and its code without those statements.

    Raises:
        ValueError: a form of import or export that is not understood.
    """

    def __init__(self, root: Path, name: str) -> None:
        source = _COMMENT.sub("", (root / name).read_text(encoding="utf-8"))
        self.name = name
        self.imports = [(normpath(join(dirname(name), path)), names) for names, path in _IMPORT.findall(source)]
        self.exports = ", ".join(_EXPORT.findall(source) + _EXPORTS.findall(source))
        self.code = _EXPORTS.sub("", _EXPORT.sub("", _IMPORT.sub("", source)))
        if other := _OTHER_FORM.search(self.code):
            raise ValueError(f"{name}: {other[0]}")

    @property
    def needs(self) -> list[str]:
        """The modules it imports from."""
        return [path for path, _names in self.imports]

    def as_function(self) -> str:
        """A statement that runs it and keeps what it exports."""
        given = "".join(f"const {{ {names} }} = modules['{path}'];\n" for path, names in self.imports)
        return f"modules['{self.name}'] = (() => {{\n{given}{self.code}\nreturn {{ {self.exports} }};\n}})();\n"


def modules_of(root: Path, entry: str) -> list[Module]:
    """The module `entry` and all it needs (paths below `root`), each after those it imports from.

    Raises:
        ValueError: a form that is not understood, a name nobody exports, modules that need each other in a circle.
    """
    modules_by_key: dict[str, Module] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in modules_by_key:
            modules_by_key[name] = Module(root, name)
            waiting += modules_by_key[name].needs
    for module in modules_by_key.values():
        for path, names in module.imports:
            if missing := set(names.split(", ")) - set(modules_by_key[path].exports.split(", ")):
                raise ValueError(f"{module.name}: {path} exports no {', '.join(missing)}")
    needs = {name: module.needs for name, module in modules_by_key.items()}
    return [modules_by_key[name] for name in TopologicalSorter(needs).static_order()]


def joined(root: Path, entry: str) -> str:
    """One script that does what the module `entry` does; raises as `modules_of`."""
    return "const modules = {};\n" + "".join(module.as_function() for module in modules_of(root, entry))
