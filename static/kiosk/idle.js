// Nobody has touched the screen for a while: count down where it can be seen, then hand back.

export const RETURN_AFTER_S = 30;
// WCAG 2.2.1: whoever reads slowly gets at least 20 seconds' notice, and any touch gives more time.
export const NOTICE_S = 20;

export class IdleWatch {
  /** `show(seconds)` shows what is left, `show(null)` hides it; `leave()` is called `after` seconds without a touch. */
  constructor({ show, leave, after = RETURN_AFTER_S }) {
    Object.assign(this, { show, leave, after });
    this.timer = null;
    const touched = () => this.timer !== null && this.restart();
    for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, touched, { capture: true, passive: true });
  }

  /** Watch from now on; measured by the monotonic clock, so setting the clock sends nobody away. */
  restart() {
    this.stop();
    this.since = performance.now();
    this.timer = setInterval(() => this.tick(), 250);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.show(null);
  }

  tick() {
    const left = Math.ceil(this.after - (performance.now() - this.since) / 1000);
    if (left > 0) {
      if (left <= NOTICE_S) this.show(left);
      return;
    }
    this.stop();
    this.leave();
  }
}
