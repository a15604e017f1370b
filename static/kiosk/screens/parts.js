// What several screens have: listening to a question, starting again.
import { button, drawing, element } from '../dom.js';
import { toggle } from '../sounds.js';
import { say } from '../texts.js';

/** Reads a screen aloud, where it has anything to say.
 *  @param {string} language @param {Spoken[]} speech */
export function listenButton(language, speech) {
  if (!speech.length) return null;
  const words = element('span', {}, drawing('speaker', 'kiosk-speaker'), ` ${say(language, 'listen')}`);
  return button(words, () => toggle(speech), { quiet: true, id: 'listen' });
}

/** @param {string} language @param {Act} restart */
export function restartButton(language, restart) {
  return button(say(language, 'restart'), restart, { quiet: true });
}
