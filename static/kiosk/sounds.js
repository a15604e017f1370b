// Recorded prompts: where a language has them, a button reads the screen aloud, part after part. Whoever has asked once
// hears the screens that follow by themselves, until the visit ends; nobody else hears anything.
import { DEFAULT_LANGUAGE, inLanguage, say } from './texts.js';

const element = document.getElementById('sounds');
/** @type {Record<string, Record<string, string>>} */
const sounds = JSON.parse(element?.textContent ?? '{}');
const MARK = 'is-spoken';
/** @type {HTMLAudioElement | null} */
let playing = null;
/** @type {Element | null} */
let marked = null;
let isListening = false;
let heard = nothing;

/** What a screen says aloud: a text by its name, one of a questionnaire, or a name of the register; `mark` is what it
 *  belongs to. Parts that have no recording are left out.
 *  @param {string} language @param {{ text: string | Words, mark?: Element | null }[]} parts @returns {Spoken[]} */
export function spoken(language, parts) {
  return parts.flatMap(({ text, mark = null }) => {
    const vietnamese = typeof text === 'string' ? say(DEFAULT_LANGUAGE, text) : inLanguage(text, DEFAULT_LANGUAGE);
    const address = sounds[language]?.[vietnamese];
    return address ? [{ address, mark }] : [];
  });
}

/** Whether a language has any recordings.
 *  @param {string} language */
export function hasSounds(language) {
  return Object.keys(sounds[language] ?? {}).length > 0;
}

/** Somebody wants to hear (or nobody any more, when a visit ends).
 *  @param {boolean} wanted */
export function listen(wanted) {
  isListening = wanted;
}

/** @returns {unknown} */
function nothing() {
  return undefined;
}

/** `asked` is called whenever somebody asks to hear.
 *  @param {Act} asked */
export function onListen(asked) {
  heard = asked;
}

/** Whether somebody has asked to hear.
 *  @returns {boolean} */
export function isHeard() {
  return isListening;
}

/** A screen is there: it speaks, if its visitor listens.
 *  @param {Spoken[]} parts */
export function speakScreen(parts) {
  hush();
  if (isListening) readAloud(parts);
}

/** The button of a screen: reads it, or stops.
 *  @param {Spoken[]} parts */
export function toggle(parts) {
  const wasPlaying = playing !== null;
  hush();
  listen(!wasPlaying);
  heard();
  if (!wasPlaying) readAloud(parts);
}

/** Stop whatever plays. */
export function hush() {
  playing?.pause();
  playing = null;
  show(null);
}

/** @param {Spoken[]} parts */
function readAloud([first, ...others]) {
  if (!first) {
    hush();
    return;
  }
  const audio = new Audio(first.address);
  playing = audio;
  show(first.mark);
  const next = () => playing === audio && readAloud(others);
  audio.addEventListener('ended', next);
  audio.addEventListener('error', next); // the words stand on the screen anyway
  audio.play().catch(() => playing === audio && hush()); // no speaker, or a browser that wants a touch first
}

/** Set off what is being spoken.
 *  @param {Element | null} mark */
function show(mark) {
  marked?.classList.remove(MARK);
  marked = mark;
  marked?.classList.add(MARK);
}
