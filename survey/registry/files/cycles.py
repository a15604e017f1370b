"""Finding a circle in "stands under" and "is succeeded by"."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def circle_from(start: str, following: Callable[[str], Iterable[str]]) -> list[str]:
    """The shortest way from `start` back to itself, both ends included; empty if there is none."""
    came_from: dict[str, str] = {}
    frontier = [start]
    while frontier:
        reached = []
        for node in frontier:
            for successor in following(node):
                if successor == start:
                    return _way(start, node, came_from)
                if successor not in came_from:
                    came_from[successor] = node
                    reached.append(successor)
        frontier = reached
    return []


def _way(start: str, last: str, came_from: dict[str, str]) -> list[str]:
    way = [start]
    node = last
    while node != start:
        way.append(node)
        node = came_from[node]
    return [start, *reversed(way)]
