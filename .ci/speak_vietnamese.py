"""Speaks the Vietnamese texts that languages say aloud and writes them as the pack of sounds that is shipped.

Needs espeak-ng and lame (Debian: ``apt-get install espeak-ng lame``); nothing needs them at run time. Run it, from the
project's folder, when a test says that a text has no sound: ``.venv/bin/python .ci/speak_vietnamese.py``. The voice is
a machine's: good enough to show how a pack sounds, and to be replaced by a person's.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACK = ROOT / "survey" / "questionnaires" / "packs" / "vietnamese"
SPEED = "135"  # words a minute
BITRATE = "24"


def main() -> None:
    """Write the pack anew."""
    texts = [text["vietnamese"] for text in json.load(sys.stdin)["spoken"]]
    files = {text: f"sounds/{_slug(text)}.mp3" for text in texts}
    for old in PACK.glob("sounds/*.mp3"):
        old.unlink()
    for text, name in files.items():
        _speak(text, PACK / name)
    manifest = json.loads((PACK / "manifest.json").read_text(encoding="utf-8"))
    manifest["sounds"]["files"] = files
    (PACK / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
    return re.sub("[^a-z0-9]+", "-", letters).strip("-")[:70].strip("-")


def _speak(text: str, target: Path) -> None:
    with tempfile.NamedTemporaryFile(suffix=".wav") as spoken:
        said = re.sub("[(/]", ", ", text).replace(")", "").replace("Ông, Bà", "Ông Bà")
        subprocess.run(["espeak-ng", "-v", "vi", "-s", SPEED, "-w", spoken.name, said], check=True)
        lame = ["lame", "--quiet", "-m", "m", "-b", BITRATE, "--resample", "22.05", spoken.name, str(target)]
        subprocess.run(lame, check=True)


if __name__ == "__main__":
    main()
