"""Numbers of paper forms: digits that a program can check, so that a slip of the finger never reaches another form.

Run x 10 000 + place in the run, then two check digits (ISO 7064, MOD 97-10): one wrong digit, or two neighbours
swapped, never give another valid number.
"""

from __future__ import annotations

PLACES = 10_000  # forms a run can number
MOST = 2_000  # forms of one run
MODULUS = 97


def serials_of(run_id: int, count: int) -> range:
    """The serials of a run's forms."""
    return range(run_id * PLACES + 1, run_id * PLACES + count + 1)


def run_of(serial: int) -> int:
    """The run in which a serial was printed."""
    return serial // PLACES


def printed(serial: int) -> str:
    """A number as printed: its serial with check digits, in groups of three."""
    check = 98 - serial * 100 % MODULUS
    digits = f"{serial:07d}{check:02d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def read_number(text: str) -> int | None:
    """The serial of a number as typed; None if its check digits say that it is none."""
    digits = "".join(text.split()).replace(".", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 12):
        return None
    whole = int(digits)
    serial = whole // 100
    return serial if whole % MODULUS == 1 and 2 <= whole % 100 <= 98 and serial % PLACES else None
