"""A flame graph of one post of a citizen's answer: where its time goes, as docs/img/flame-post.svg.

    python -m benchmarks.flame [--posts 600]

Samples the stack of the thread that answers, on SQLite, every millisecond. Width is time; below each call stands what
it calls. What takes less than a hundredth is left out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections import Counter
from html import escape
from pathlib import Path
from types import FrameType

import flask_migrate

from benchmarks.desk_data import build
from survey.foundation.commands.progress import progress, shown
from survey.foundation.configuration.settings import ROOT, Settings
from survey.foundation.storage.database import db
from tests.channels.conftest import token_in
from tests.support.applications import application
from tests.support.databases import SECRET_KEY

Stack = tuple[str, ...]
FORM = "/c/cq-000-0"
ANSWERS = {"overall_service": "4", "overall_procedures": "5", "officials_polite": "3", "service": "administration-1"}
WIDTH, HEIGHT, LEAST = 1200, 16, 0.01


def stack_of(frame: FrameType | None) -> Stack:
    """The calls from Flask's on, the outermost first."""
    names: list[str] = []
    while frame is not None:
        code = frame.f_code
        names.append(f"{Path(code.co_filename).stem}.{code.co_name}")
        frame = frame.f_back
    names.reverse()
    return tuple(names[names.index("app.wsgi_app") :]) if "app.wsgi_app" in names else ()


def sampled(posts: int) -> Counter[Stack]:
    """How often each stack was met while so many answers were taken."""
    counter: Counter[Stack] = Counter()
    done, answering = threading.Event(), threading.get_ident()
    sys.setswitchinterval(1e-5)  # or only calls that let go of the interpreter by themselves would be met

    def sample() -> None:
        while not done.wait(0.001):
            if stack := stack_of(sys._current_frames().get(answering)):
                counter[stack] += 1

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/answers.sqlite3"
        with application(Settings(secret_key=SECRET_KEY, database_url=url, log_level="ERROR")) as app:
            with app.app_context():
                flask_migrate.upgrade()
                build(0)
                db.session.remove()
            client = app.test_client()
            tokens = [token_in(client.get(FORM).text) for _post in range(posts)]
            client.post(FORM, data={"token": tokens.pop(), **ANSWERS})
            sampler = threading.Thread(target=sample)
            sampler.start()
            for token in progress(tokens, "posts", len(tokens)):
                assert client.post(FORM, data={"token": token, **ANSWERS}).status_code == 200
            done.set()
            sampler.join()
    return counter


def drawn(counted_stacks: Counter[Stack]) -> str:
    """The graph as SVG."""
    total, deepest, boxes = counted_stacks.total(), 0, []

    def draw(stacks: Counter[Stack], depth: int, left: float) -> None:
        nonlocal deepest
        below: dict[str, Counter[Stack]] = {}
        for stack, count in stacks.items():
            if len(stack) > depth:
                below.setdefault(stack[depth], Counter())[stack] = count
        for name, inside in sorted(below.items(), key=lambda item: -item[1].total()):
            share = inside.total() / total
            if share >= LEAST:
                boxes.append(box(name, share, depth, left))
                deepest = max(deepest, depth)
                draw(inside, depth + 1, left)
                left += share * WIDTH

    draw(counted_stacks, 0, 0)
    look = f'viewBox="0 0 {WIDTH} {(deepest + 1) * HEIGHT}" font-family="sans-serif" font-size="10"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {look}>{"".join(boxes)}</svg>\n'


def box(name: str, share: float, depth: int, left: float) -> str:
    """One call."""
    wide, top = share * WIDTH, depth * HEIGHT
    colour = f"hsl({sum(map(ord, name.split('.')[0])) % 50 + 15} 80% 70%)"
    words = name[: int(wide / 5.5)] if wide > 30 else ""
    return (
        f'<g><title>{escape(name)}: {share:.1%}</title><rect x="{left:.1f}" y="{top}" width="{wide:.1f}" '
        f'height="{HEIGHT - 1}" fill="{colour}"/><text x="{left + 2:.1f}" y="{top + 11}">{escape(words)}</text></g>'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=600)
    path = ROOT / "docs" / "img" / "flame-post.svg"
    with shown():
        path.write_text(drawn(sampled(parser.parse_args().posts)), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e3:.0f} KB")


if __name__ == "__main__":
    main()
