"""The types of items, one module each. A new type is a class of `Item` in a module here and a line below."""

from __future__ import annotations

from survey.foundation.registered import Registered
from survey.questionnaires.types.date import DateItem
from survey.questionnaires.types.item import Item
from survey.questionnaires.types.long_text import LongTextItem
from survey.questionnaires.types.multiple import MultipleItem
from survey.questionnaires.types.number import NumberItem
from survey.questionnaires.types.points import PointsItem
from survey.questionnaires.types.rating import RatingItem
from survey.questionnaires.types.short_text import ShortTextItem
from survey.questionnaires.types.single import SingleItem
from survey.questionnaires.types.yes_no import YesNoItem

ITEM_TYPES: Registered[type[Item]] = Registered(
    "item type",
    {
        "rating": RatingItem,
        "points": PointsItem,
        "single": SingleItem,
        "multiple": MultipleItem,
        "yes_no": YesNoItem,
        "number": NumberItem,
        "date": DateItem,
        "short_text": ShortTextItem,
        "long_text": LongTextItem,
    },
)
