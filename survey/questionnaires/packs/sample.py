"""A whole pack to begin from, or to try with: its texts are the Vietnamese themselves, its sounds those that ship.

It is no translation and says so: its code is a private one (BCP 47: ``vi-x-mau``, "mẫu" is "sample").
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from survey.foundation.clock import today
from survey.questionnaires.packs.service import needed_texts
from survey.questionnaires.packs.template import po_template

VIETNAMESE = Path(__file__).with_name("vietnamese")
CODE, NAME = "vi-x-mau", "Tiếng Việt (gói mẫu)"


def write_sample(
    folder: Path, keys: Sequence[str], *, code: str = CODE, name: str = NAME, write: Callable[[str], str] = str
) -> None:
    """Write a pack that speaks for these questionnaires. `write`: what becomes of a Vietnamese text.

    A text that an owner has changed since no recording says: its sound is missing, as checking the pack tells.
    """
    texts = needed_texts(keys)
    shipped = json.loads((VIETNAMESE / "manifest.json").read_text(encoding="utf-8"))
    recorded = shipped["sounds"]["files"]
    asked = [text.vietnamese for text in texts if text.spoken]
    spoken = {text: recorded[text] for text in asked if text in recorded}
    manifest = shipped | {
        "code": code,
        "name": name,
        "checkers": ["write_sample"],
        "checked_on": today().isoformat(),
        "note": "Gói mẫu, không phải bản dịch: lời là chính tiếng Việt.",
        "questionnaires": list(keys),
        "sounds": shipped["sounds"] | {"files": spoken},
    }
    (folder / "sounds").mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    written = {text.vietnamese: write(text.vietnamese) for text in texts}
    (folder / "texts.po").write_bytes(po_template(texts, written, {}))
    for file in set(spoken.values()):
        (folder / file).write_bytes((VIETNAMESE / file).read_bytes())
