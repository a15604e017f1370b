// How staff call their menu: five quick taps in the top left corner, or Ctrl+Alt+M on a keyboard.

const CORNER_PX = 100;
const TAPS = 5;
const WITHIN_MS = 3_000;

/** @param {Act} open */
export function onStaffGesture(open) {
  /** @type {number[]} */
  let taps = [];
  addEventListener('pointerdown', (event) => {
    if (event.clientX > CORNER_PX || event.clientY > CORNER_PX) {
      taps = [];
      return;
    }
    const now = performance.now();
    taps = [...taps.filter((at) => now - at < WITHIN_MS), now];
    if (taps.length >= TAPS) {
      taps = [];
      open();
    }
  }, { capture: true, passive: true });
  addEventListener('keydown', (event) => {
    if (event.ctrlKey && event.altKey && event.code === 'KeyM') open();
  });
}
