"""The types of items, one module each. A new type is a class of `Item` in a module here and a line below."""

from __future__ import annotations

from survey.foundation.registered import Registered
from survey.questionnaires.types.item import Item
from survey.questionnaires.types.rating import RatingItem

ITEM_TYPES: Registered[type[Item]] = Registered(
    "item type",
    {
        "rating": RatingItem,
    },
)
