// Puts one screen at a time on the glass.
import { speakScreen } from './sounds.js';
import { say } from './texts.js';

const GHOST_TAP_MS = 300;

/** A part of the page that is always there.
 *  @param {string} id */
function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

export class View {
  constructor() {
    /** @type {number | undefined} */
    this.timer = undefined;
    /** Which way languages are written, where it is not from left to right.
     *  @type {Record<string, string>} */
    this.directions = {};
    this.screen = part('screen');
    this.foot = part('foot');
    this.place = part('place');
    this.countdown = part('countdown');
    this.announcer = part('announcer');
  }

  /** Show a screen: {name, language, content: [elements], foot: [elements], speech}. Its heading takes the focus.
   *  `isQuick`: the same place is meant to be tapped again and again, as on a keypad.
   *  @param {KioskScreen} screen */
  show({ name, language, content, foot = [], speech = [], isQuick = false }) {
    document.documentElement.lang = language;
    document.documentElement.dir = this.directions[language] ?? 'ltr';
    const invented = document.getElementById('invented'); // in a demonstration alone
    if (invented) invented.textContent = say(language, 'invented');
    this.screen.dataset.screen = name;
    this.screen.replaceChildren(...content);
    this.foot.replaceChildren(...foot);
    this.screen.scrollTop = 0;
    if (!isQuick) this.holdOff();
    speakScreen(speech);
    this.screen.querySelector('h1')?.focus({ preventScroll: true });
  }

  /** The second half of a double tap must not answer the next question. */
  holdOff() {
    clearTimeout(this.timer);
    /** @type {NodeListOf<HTMLElement>} */
    const pressable = this.screen.querySelectorAll('.kiosk-pressable');
    const held = [...pressable, this.foot];
    for (const one of held) one.inert = true;
    this.timer = setTimeout(() => held.forEach((one) => { one.inert = false; }), GHOST_TAP_MS);
  }

  /** Start the page anew. Until it is gone it takes no touch: what was begun now would go with it. */
  reload() {
    document.body.inert = true;
    location.reload();
  }

  /** @param {string} text */
  showPlace(text) {
    this.place.textContent = text;
  }

  /** Text for the eyes each second, for a screen reader only when it appears.
   *  @param {string | null} text */
  showCountdown(text) {
    const wasHidden = this.countdown.hidden;
    this.countdown.hidden = text === null;
    this.countdown.textContent = text ?? '';
    if (wasHidden && text !== null) this.announce(text);
  }

  /** How long until an answer sends itself, on the screen that says so.
   *  @param {string} text */
  showSending(text) {
    const line = document.getElementById('sending');
    if (line) line.textContent = text;
  }

  /** @param {string} text */
  announce(text) {
    this.announcer.textContent = text;
  }
}
