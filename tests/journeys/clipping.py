"""What reads badly on a page as it stands: text cut off, squeezed, spilt out of its box, or that needs scrolling."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Left out: what is hidden on purpose from the eye, a comment's two lines that open on a click, and drawings, whose
# words tests/results/test_pictures.py looks at. A table may be wider than a phone and scrolls there; at a desk
# it has room.
_CUT_OFF = """() => {
  const found = [];
  const told = (what, element) => found.push(
    `${what}: ${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 50)}`);
  const scrolling = (element) => {
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(up).overflowX)) return true;
    }
    return false;
  };
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (box.width <= 2 || box.height <= 2 || style.visibility === "hidden" || element.closest("svg, .words")) continue;
    if (element.closest(".visually-hidden, [class*=skip], .day-picker") || style.clipPath !== "none") continue;
    const wider = element.scrollWidth > element.clientWidth + 1;
    const higher = element.scrollHeight > element.clientHeight + 1;
    if (/hidden|clip/.test(style.overflow) && (wider || higher) && element.textContent.trim()) told("cut off", element);
    if (/^(A|BUTTON|TH|TD|P)$/.test(element.tagName) && style.display !== "inline" && wider) told("spills", element);
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const outside = box.right > innerWidth + 1 || box.left < -1;
    if (words && outside && !scrolling(element)) told("outside the window", element);
    if (element.matches(".sub > a, .small > a") && parseFloat(style.lineHeight) < 24) told("links too close", element);
    if (element.tagName === "CAPTION" && box.width < 120 && box.height > 100) told("squeezed", element);
  }
  for (const area of document.querySelectorAll(".table-scroll")) {
    const more = area.scrollWidth - area.clientWidth;
    if (innerWidth > 1000 && more > 1) told(`${more} px too wide for a desk`, area);
  }
  const more = document.documentElement.scrollWidth - innerWidth;
  return more > 0 ? [`the page is ${more} px too wide`, ...found] : found;
}"""


def cut_off(page: Page) -> list[str]:
    """Each with where it stands; empty where everything can be read."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    return [f"{page.url} at {width} px: {problem}" for problem in page.evaluate(_CUT_OFF)]
