// Puts one screen at a time on the glass.
import { hush } from './sounds.js';

const GHOST_TAP_MS = 300;

export class View {
  constructor() {
    this.screen = document.getElementById('screen');
    this.foot = document.getElementById('foot');
    this.place = document.getElementById('place');
    this.countdown = document.getElementById('countdown');
    this.announcer = document.getElementById('announcer');
  }

  /** Show a screen: {name, language, content: [elements], foot: [elements]}. Its heading takes the focus.
   *  `isQuick`: the same place is meant to be tapped again and again, as on a keypad. */
  show({ name, language, content, foot = [], isQuick = false }) {
    hush();
    document.documentElement.lang = language;
    this.screen.dataset.screen = name;
    this.screen.replaceChildren(...content);
    this.foot.replaceChildren(...foot);
    this.screen.scrollTop = 0;
    if (!isQuick) this.holdOff();
    this.screen.querySelector('h1')?.focus({ preventScroll: true });
  }

  /** The second half of a double tap must not answer the next question. */
  holdOff() {
    clearTimeout(this.timer);
    const parts = [...this.screen.querySelectorAll('.kiosk-pressable'), this.foot];
    for (const part of parts) part.inert = true;
    this.timer = setTimeout(() => parts.forEach((part) => { part.inert = false; }), GHOST_TAP_MS);
  }

  /** Start the page anew. Until it is gone it takes no touch: what was begun now would go with it. */
  reload() {
    document.body.inert = true;
    location.reload();
  }

  showPlace(text) {
    this.place.textContent = text;
  }

  /** Text for the eyes each second, for a screen reader only when it appears. */
  showCountdown(text) {
    const appears = this.countdown.hidden && text !== null;
    this.countdown.hidden = text === null;
    this.countdown.textContent = text ?? '';
    if (appears) this.announce(text);
  }

  announce(text) {
    this.announcer.textContent = text;
  }
}
