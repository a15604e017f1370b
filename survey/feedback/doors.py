"""Where khiếu nại, tố cáo are taken: the right door of a province, as its rules say or as the laws name it."""

from __future__ import annotations

from flask_babel import gettext as _

from survey.feedback.rules import rules
from survey.registry.models import Province


def door_of(province: Province) -> str:
    """Name (and address, where the installation gave one) of the province's office that receives citizens.

    Luật Tiếp công dân 42/2013/QH13 has every province keep one.
    """
    return rules().doors.get(province.key) or _("Trụ sở Tiếp công dân tỉnh %(province)s", province=province.name)
