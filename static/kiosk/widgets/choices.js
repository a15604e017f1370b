// One of several answers: a touch answers and goes on. Points and yes-or-no are drawn the same way.
import { button, element } from '../dom.js';
import { inLanguage, say } from '../texts.js';

/** @param {WidgetParts} parts @returns {HTMLElement[]} */
export function single({ item, language, chosen, answer }) {
  const options = item.type === 'yes_no'
    ? [{ value: 1, words: say(language, 'yes') }, { value: 0, words: say(language, 'no') }]
    : (item.options ?? []).map(({ value, text }) => ({ value, words: inLanguage(text, language) }));
  return [element('div', { class: 'kiosk-options kiosk-pressable', role: 'group', 'aria-labelledby': 'question' },
    ...options.map(({ value, words }) => button(words, () => answer(value),
      { quiet: true, 'aria-pressed': String(chosen === value), 'data-value': value })))];
}

/** Any of several answers, then on.
 *  @param {WidgetParts} parts @returns {HTMLElement[]} */
export function multiple({ item, language, chosen, answer, hold }) {
  const ticked = new Set(Array.isArray(chosen) ? chosen : []);
  const given = () => (ticked.size ? [...ticked].sort((a, b) => a - b) : null);
  const options = (item.options ?? []).map(({ value, text }) => {
    const made = button(inLanguage(text, language), () => {
      if (!ticked.delete(value)) ticked.add(value);
      made.setAttribute('aria-pressed', String(ticked.has(value)));
      hold(given());
    }, { quiet: true, 'aria-pressed': String(ticked.has(value)), 'data-value': value });
    return made;
  });
  return [element('div', { class: 'kiosk-options kiosk-pressable', role: 'group', 'aria-labelledby': 'question' }, ...options),
    button(say(language, 'next'), () => answer(given()), { id: 'next' })];
}
