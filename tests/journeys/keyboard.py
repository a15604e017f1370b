"""A page gone through with the Tab key alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def keyboard_problems(page: Page) -> list[str]:
    """What the keyboard cannot do on a page just opened, one line each.

    The first Tab stops at the link that skips to the content. From there Tab goes through the content, past no
    control, and out of it again (a long page: through its first 40 stops). Whatever can have the focus shows it.
    """
    if not page.locator("header").count():
        return []  # a sheet to be printed: there is nothing to skip
    page.evaluate(WATCH)
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.getAttribute('href')") != "#main":
        return ["the first Tab does not stop at the link to the content"]
    page.keyboard.press("Enter")
    if page.evaluate("location.hash") != "#main":
        return ["the link to the content does not lead there"]
    for _press in range(page.evaluate("presses()")):
        page.keyboard.down("Tab")  # held down: half the messages of pressing it again and again
    page.keyboard.up("Tab")
    problems: list[str] = page.evaluate("keyboardProblems()")
    return problems


WATCH = """() => {
    globalThis.reached = new Map();
    addEventListener('focusin', ({ target }) => {
        const style = getComputedStyle(target);
        const box = target.getBoundingClientRect();
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        reached.set(target, outlined && box.width > 0 && box.right > 0);
    });

    const main = document.getElementById('main');
    const controls = [...main.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
        .filter((one) => !one.disabled && one.type !== 'hidden' && one.checkVisibility({ visibilityProperty: true }))
        .filter((one) => getComputedStyle(one).pointerEvents !== 'none');  // another control opens it
    const group = (one) => one.type === 'radio' ? one.name : one;
    const stops = [...new Set(controls.map(group))];  // radio buttons of one name are one stop
    const walked = stops.slice(0, 40);
    const parts = (one) => ({ date: 4, month: 3 })[one.type] ?? 1;  // Tab also stops inside a date

    globalThis.presses = () => walked.reduce((sum, one) => sum + parts(one), 1);
    globalThis.keyboardProblems = () => {
        const been = new Set([...reached.keys()].map(group));
        const passed = walked.filter((one) => !been.has(one));
        const trapped = walked.length === stops.length && main.contains(document.activeElement);
        for (const one of controls) one.focus();  // those that Tab was too far from
        reached.delete(main);  // where the link leads, not a control
        const dark = [...reached.keys()].filter((one) => !reached.get(one));
        return [
            ...passed.map((one) => `Tab passes by ${one.outerHTML ?? one}`),
            ...(trapped ? ['Tab does not leave the content'] : []),
            ...dark.map((one) => `the focus does not show at ${one.outerHTML}`),
        ];
    };
}"""
