// Recorded prompts: where a language pack has one for what is on the screen, a button plays it.

const element = document.getElementById('sounds');
/** @type {Record<string, Record<string, string>>} */
const sounds = JSON.parse(element?.textContent ?? '{}');
/** @type {HTMLAudioElement | null} */
let playing = null;

/** The address of a recording, or null: `name` is an item's code or the name of a text.
 *  @param {string} language @param {string} name */
export function soundOf(language, name) {
  return sounds[language]?.[name] ?? null;
}

/** Play a recording; one at a time.
 *  @param {string} address */
export function play(address) {
  hush();
  playing = new Audio(address);
  playing.play().catch(() => {}); // no speaker, or muted: the words stand on the screen anyway
}

/** Stop whatever plays: a new screen speaks for itself. */
export function hush() {
  playing?.pause();
  playing = null;
}
