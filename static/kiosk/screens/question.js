// One question a screen: five faces, or what its type is answered with.
import { button, element, face, heading } from '../dom.js';
import { inLanguage, say } from '../texts.js';
import { widget } from '../widgets/widgets.js';
import { spoken } from '../sounds.js';
import { listenButton, restartButton } from './parts.js';

const SCALE = [1, 2, 3, 4, 5];
const LONG_QUESTION = 90;

/** A touch on a face answers it and goes on; other types say themselves when they are answered.
 *  @param {{ language: string, item: Item, scale?: Record<string, Words>, number: number, total: number,
 *    chosen: AnswerValue | undefined, rate: (value: AnswerValue | null) => unknown, hold?: (value: AnswerValue | null) => unknown, back?: Act | null, restart: Act, skip?: Act,
 *    send?: Act }} parts
 *  @returns {KioskScreen} */
export function questionScreen({ language, item, scale = {}, number, total, chosen, rate, hold = () => {}, back, restart, skip,
  send }) {
  const progress = total > 1 ? element('span', {}, say(language, 'question_number', { n: number, total })) : null;
  const question = inLanguage(item.text, language);
  const isRated = item.type === 'rating';
  const answers = isRated ? [faces(language, scale, chosen, rate)] : widget({ item, language, chosen, answer: rate, hold });
  const speech = spoken(language, [{ text: item.text }, ...answersSpoken(item, scale, answers)]);
  return {
    name: isRated ? 'faces' : 'question',
    language,
    speech,
    content: [
      element('div', { class: 'kiosk-progress' }, progress, listenButton(language, speech)),
      heading(question, { id: 'question', class: question.length > LONG_QUESTION ? 'kiosk-long' : null }),
      ...answers,
    ],
    foot: [
      back ? button(say(language, 'back'), back, { quiet: true }) : restartButton(language, restart),
      item.subject
        ? button(say(language, 'no_opinion'), () => rate(0), { quiet: true, 'aria-pressed': String(chosen === 0) })
        : button(say(language, 'skip'), skip ?? null, { quiet: true }),
      send ? button(say(language, 'send'), send, { id: 'send' }) : null,
    ].filter((part) => part !== null),
  };
}

/** The words of each answer, with the button that they belong to.
 *  @param {Item} item @param {Record<string, Words>} scale @param {HTMLElement[]} answers */
function answersSpoken(item, scale, answers) {
  const buttons = answers.flatMap((part) => [...part.querySelectorAll('[data-value]')]);
  return buttons.map((mark) => ({ text: wordsOf(item, scale, Number(mark.getAttribute('data-value'))), mark }));
}

/** What an answer is called: the name of a text, or a text.
 *  @param {Item} item @param {Record<string, Words>} scale @param {number} value @returns {string | Words} */
function wordsOf(item, scale, value) {
  if (item.type === 'rating') return scale[value] ?? `scale_${value}`;
  if (item.type === 'yes_no') return value ? 'yes' : 'no';
  return item.options?.find((option) => option.value === value)?.text ?? {};
}

/** @param {string} language @param {Record<string, Words>} scale @param {AnswerValue | undefined} chosen
 *  @param {(value: number) => unknown} rate */
function faces(language, scale, chosen, rate) {
  const made = SCALE.map((value) => {
    const words = scale[value] ? inLanguage(scale[value], language) : say(language, `scale_${value}`);
    return faceButton(language, value, words, chosen === value, () => rate(value));
  });
  return element('div', { class: 'rating-scale kiosk-pressable', role: 'group', 'aria-labelledby': 'question' }, ...made);
}

/** @param {string} language @param {number} value @param {string} words @param {boolean} isChosen @param {Act} press */
function faceButton(language, value, words, isChosen, press) {
  const label = say(language, 'face', { value, words });
  return element('button', { type: 'button', class: `rating-option rating-${value}`, 'aria-label': label,
    'aria-pressed': String(isChosen), 'data-value': value, click: press },
  face(value), element('span', { class: 'rating-words', 'aria-hidden': 'true' }, words));
}
