"""What python-docx has no words for: fonts of all scripts, page-number fields, repeated headings, alternative texts."""

from __future__ import annotations

from functools import cache
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from analysis.reports.document import joined

TWIPS_PER_MM = 1440 / 25.4


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def style(target: Any, font: str, size: float, *, bold: bool = False, italic: bool = False) -> None:
    """One font for every script, black, in Vietnamese (spelling and screen readers)."""
    target.font.name, target.font.size, target.font.color.rgb = font, Pt(size), RGBColor(0, 0, 0)
    target.font.bold, target.font.italic = bold, italic
    properties = target.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(_element("w:lang", val="vi-VN", eastAsia="vi-VN"))


def remember_styles(word: Any) -> None:
    """Look each style up once: python-docx goes through all of them for every paragraph."""
    word.part.get_style_id = cache(word.part.get_style_id)


def dash_bullets(word: Any, font: str) -> None:
    """Items of a list begin with a dash, as on paper, in the text's own font instead of one for symbols."""
    for level in word.part.numbering_part.element.iter(qn("w:lvl")):
        styled = level.find(qn("w:pStyle"))
        if styled is not None and styled.get(qn("w:val")) == "ListBullet":
            level.find(qn("w:lvlText")).set(qn("w:val"), "-")
            for name in ("ascii", "hAnsi"):
                level.find(qn("w:rPr")).find(qn("w:rFonts")).set(qn(f"w:{name}"), font)


def join_signs(word: Any) -> None:
    """A number and its sign on one line, in the text and its tables."""
    for text in word.element.body.iter(qn("w:t")):
        text.text = joined(text.text or "")


def page_number(paragraph: Paragraph) -> None:
    """The number of the page, centred."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()._r
    for kind in ("begin", "", "end"):
        if kind:
            run.append(_element("w:fldChar", fldCharType=kind))
        else:
            instruction = OxmlElement("w:instrText")
            instruction.text = "PAGE"
            run.append(instruction)


def repeat_heading(row: Any) -> None:
    """The row stands again at the top of every page the table runs over."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))


def runs(element: Any) -> list[Any]:
    """The runs of an element of the file's body, in their order."""
    return list(element.iter(qn("w:r")))


def keep_together(row: Any) -> None:
    """The row does not break across pages."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))


def describe(picture: Any, alt: str) -> None:
    """Give a picture its alternative text."""
    picture._inline.docPr.set("descr", alt)


def restart_numbering(section: Any) -> None:
    """Pages of a section count from 1."""
    section._sectPr.append(_element("w:pgNumType", start="1"))


def shrink(paragraph: Paragraph) -> None:
    """Make the empty paragraph that holds a section's break as low as one can be."""
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = Pt(1)
    mark = _element("w:rPr")
    mark.append(_element("w:sz", val="2"))
    paragraph._p.get_or_add_pPr().find(qn("w:sectPr")).addprevious(mark)


def pad_cells(table: Any, millimetres: float) -> None:
    """How far text stands from the left and right of its cell."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w=str(round(millimetres * TWIPS_PER_MM)), type="dxa"))
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)
