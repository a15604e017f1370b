// What is shown once the answer is on the disk: a short thanks or, to who asked for a reply, the code, with time to get
// out a telephone. Then the screen is the next citizen's.
import { thanksScreen } from './screens/citizen.js';
import { replyScreen } from './screens/words.js';
import { IdleWatch } from './idle.js';
import { say } from './texts.js';

const THANKS_MS = 3_000;
const CODE_SHOWN_S = 60;

/** Where a code's page is looked up. A configuration kept from an earlier version does not say: there it is this server.
 *  @param {Config} config @param {string} code */
function followAddress({ follow }, code) {
  return `${follow ?? `${location.origin}/p/`}${code}`;
}

export class Farewell {
  /** @param {{ view: View, leave: Act }} parts */
  constructor({ view, leave }) {
    this.view = view;
    this.leave = leave;
    this.language = '';
    /** @type {number | undefined} */
    this.timer = undefined;
    this.showing = new IdleWatch({
      show: (seconds) => view.showCountdown(seconds === null ? null : say(this.language, 'countdown', { n: seconds })),
      leave,
      after: CODE_SHOWN_S,
    });
  }

  stop() {
    clearTimeout(this.timer);
    this.showing.stop();
  }

  /** @param {Visit} visit */
  say({ id, code, config, language }) {
    this.language = language;
    if (code) {
      this.view.show(replyScreen({ language, id, code, address: followAddress(config, code), done: this.leave }));
      this.showing.restart();
      return;
    }
    this.view.show(thanksScreen({ language, id }));
    this.timer = setTimeout(this.leave, THANKS_MS);
    this.view.screen.addEventListener('pointerup', () => this.touched(), { once: true });
  }

  /** A touch on the thanks goes on at once, if they are still there. */
  touched() {
    if (this.view.screen.dataset.screen === 'thanks') this.leave();
  }
}
