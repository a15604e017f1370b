"""What someone has to say, in several lines."""

from __future__ import annotations

from typing import ClassVar, Literal

from flask_babel import LazyString, lazy_gettext

from survey.questionnaires.types.short_text import Words


class LongTextItem(Words):
    """Several lines."""

    type: Literal["long_text"]

    words: ClassVar[LazyString] = lazy_gettext("ý kiến bằng lời")
    longest: ClassVar[int] = 1000
