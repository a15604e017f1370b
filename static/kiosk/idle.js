// Nobody has touched the screen for a while: count down where it can be seen, then hand back.

export const RETURN_AFTER_S = 30;
// WCAG 2.2.1: whoever reads slowly gets at least 20 seconds' notice, and any touch gives more time.
export const NOTICE_S = 20;

export class IdleWatch {
  /** `show(seconds)` shows what is left, `show(null)` hides it; `leave()` is called `after` seconds without a touch.
   *  @param {{ show: (seconds: number | null) => void, leave: Act, after?: number }} parts */
  constructor({ show, leave, after = RETURN_AFTER_S }) {
    this.show = show;
    this.leave = leave;
    this.after = after;
    this.since = 0;
    /** @type {number | undefined} */
    this.timer = undefined;
    const touched = () => this.timer !== undefined && this.restart();
    for (const kind of ['pointerdown', 'keydown', 'input']) addEventListener(kind, touched, { capture: true, passive: true });
  }

  /** Watch from now on; measured by the monotonic clock, so setting the clock sends nobody away. */
  restart() {
    this.stop();
    this.since = performance.now();
    this.timer = setInterval(() => this.tick(), 250);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = undefined;
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
