// What is typed: a number on a pad of our own, a day and words in the browser's own fields.
import { button, element } from '../dom.js';
import { inLanguage, say } from '../texts.js';

const LONGEST = { short_text: 200, long_text: 1000 };

/** Digits to touch; a number outside its range is not taken.
 *  @param {WidgetParts} parts @returns {HTMLElement[]} */
export function number({ item, language, chosen, answer }) {
  const [low, high] = item.range ?? [0, 32000];
  let typed = typeof chosen === 'number' ? String(chosen) : '';
  const shown = element('output', { class: 'kiosk-number', 'aria-live': 'polite' });
  const next = button(say(language, 'next'), () => answer(typed === '' ? null : Number(typed)), { id: 'next' });
  const show = () => {
    shown.textContent = `${typed || '–'} ${item.unit ? inLanguage(item.unit, language) : ''}`.trim();
    next.toggleAttribute('disabled', typed !== '' && (Number(typed) < low || Number(typed) > high));
  };
  /** @param {string} text */
  const type = (text) => {
    typed = text.slice(0, String(high).length);
    show();
  };
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0].map((digit) =>
    button(String(digit), () => type(String(Number(`${typed}${digit}`))), { quiet: true }));
  show();
  return [shown, element('div', { class: 'kiosk-pad kiosk-pressable', role: 'group', 'aria-labelledby': 'question' }, ...digits,
    button('⌫', () => type(typed.slice(0, -1)), { quiet: true, 'aria-label': say(language, 'erase_digit') })), next];
}

/** A field of the browser's own.
 *  @param {WidgetParts} parts @returns {HTMLElement[]} */
export function field({ item, language, chosen, answer }) {
  const isLong = item.type === 'long_text';
  const longest = item.type === 'date' ? null : LONGEST[isLong ? 'long_text' : 'short_text'];
  const input = element(isLong ? 'textarea' : 'input', { class: 'kiosk-field', 'aria-labelledby': 'question', maxlength: longest,
    type: isLong ? null : item.type === 'date' ? 'date' : 'text', autocomplete: 'off' });
  if (typeof chosen === 'string') input.value = chosen;
  return [input, button(say(language, 'next'), () => answer(input.value.trim() || null), { id: 'next' })];
}
