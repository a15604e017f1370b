// What several screens have: listening to a question, starting again.
import { button } from '../dom.js';
import { play, soundOf } from '../sounds.js';
import { say } from '../texts.js';

/** @param {string} language @param {string} name */
export function listenButton(language, name) {
  const sound = soundOf(language, name);
  return sound ? button(`🔊 ${say(language, 'listen')}`, () => play(sound), { quiet: true, 'data-sound': sound }) : null;
}

/** @param {string} language @param {Act} restart */
export function restartButton(language, restart) {
  return button(say(language, 'restart'), restart, { quiet: true });
}
