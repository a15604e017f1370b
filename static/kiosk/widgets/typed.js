// What is typed: a number on a pad of our own, a day and words in the browser's own fields.
import { button, element } from '../dom.js';
import { inLanguage, say } from '../texts.js';

const LONGEST = { short_text: 200, long_text: 1000 };
const DAYS = ['1900-01-01', '2100-12-31'];

/** Digits to touch; a number outside its range is not taken.
 *  @param {WidgetParts} parts @returns {HTMLElement[]} */
export function number({ item, language, chosen, answer, hold }) {
  const [low, high] = item.range ?? [0, 32000];
  let typed = typeof chosen === 'number' ? String(chosen) : '';
  const shown = element('output', { class: 'kiosk-number', 'aria-live': 'polite' });
  const isTaken = () => typed === '' || (Number(typed) >= low && Number(typed) <= high);
  const given = () => (typed === '' || !isTaken() ? null : Number(typed));
  const next = button(say(language, 'next'), () => answer(given()), { id: 'next' });
  const show = () => {
    shown.textContent = `${typed || '–'} ${item.unit ? inLanguage(item.unit, language) : ''}`.trim();
    next.toggleAttribute('disabled', !isTaken());
  };
  /** @param {string} text */
  const type = (text) => {
    typed = text.slice(0, String(high).length);
    show();
    hold(given());
  };
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0].map((digit) =>
    button(String(digit), () => type(String(Number(`${typed}${digit}`))), { quiet: true }));
  show();
  return [shown, element('div', { class: 'kiosk-pad kiosk-pressable', role: 'group', 'aria-labelledby': 'question' }, ...digits,
    button('⌫', () => type(typed.slice(0, -1)), { quiet: true, 'aria-label': say(language, 'erase_digit') })), next];
}

/** A field of the browser's own; a day that the server would refuse is not taken.
 *  @param {WidgetParts} parts @returns {HTMLElement[]} */
export function field({ item, language, chosen, answer, hold }) {
  const isLong = item.type === 'long_text';
  const isDay = item.type === 'date';
  const longest = isDay ? null : LONGEST[isLong ? 'long_text' : 'short_text'];
  const [first, last] = isDay ? DAYS : [null, null];
  const input = element(isLong ? 'textarea' : 'input', { class: 'kiosk-field', 'aria-labelledby': 'question', maxlength: longest,
    type: isLong ? null : isDay ? 'date' : 'text', min: first, max: last, autocomplete: 'off' });
  if (typeof chosen === 'string') input.value = chosen;
  const given = () => (input.validity.valid && input.value.trim()) || null;
  const next = button(say(language, 'next'), () => answer(given()), { id: 'next' });
  input.addEventListener('input', () => {
    next.toggleAttribute('disabled', !input.validity.valid);
    hold(given());
  });
  return [input, next];
}
