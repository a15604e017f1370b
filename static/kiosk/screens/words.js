// Somebody writes a few words, and may ask for a reply: then the thanks carry a code for their own telephone.
import { encode } from '../../vendor/uqr/index.js';
import { button, drawing, element, heading } from '../dom.js';
import { grouped } from '../reply.js';
import { say } from '../texts.js';
import { restartButton } from './parts.js';

const LONGEST = 1000;
const SVG = 'http://www.w3.org/2000/svg';

/** The field, and whether a reply is wanted; kept in the visit as they change.
 *  @param {{ language: string, visit: Visit, send: Act, back: Act, restart: Act }} parts @returns {KioskScreen} */
export function wordsScreen({ language, visit, send, back, restart }) {
  const field = element('textarea', { class: 'kiosk-field kiosk-words', id: 'words', rows: 4, maxlength: LONGEST,
    'aria-labelledby': 'question', 'aria-describedby': 'words-hint', autocomplete: 'off', input: () => { visit.words = field.value.trim(); } });
  field.value = visit.words;
  const reply = button(say(language, 'want_reply'), () => {
    visit.wantsReply = !visit.wantsReply;
    reply.setAttribute('aria-pressed', String(visit.wantsReply));
  }, { quiet: true, id: 'want-reply', 'aria-pressed': String(visit.wantsReply), 'aria-describedby': 'want-reply-hint' });
  const problem = element('p', { class: 'kiosk-problem', role: 'alert' });
  const sendOrAsk = () => {
    if (visit.words || !visit.wantsReply) return send();
    problem.textContent = say(language, 'words_missing');
    return field.focus();
  };
  return {
    name: 'words',
    language,
    content: [
      heading(say(language, 'write_title'), { id: 'question' }),
      element('p', { class: 'kiosk-note', id: 'words-hint' }, say(language, 'write_hint')),
      problem,
      field,
      reply,
      element('p', { class: 'kiosk-note', id: 'want-reply-hint' }, say(language, 'want_reply_hint')),
    ],
    foot: [
      button(say(language, 'back'), back, { quiet: true }),
      restartButton(language, restart),
      button(say(language, 'send'), sendOrAsk, { id: 'send' }),
    ],
  };
}

/** The thanks, with the code and the picture that opens its page on a telephone.
 *  @param {{ language: string, id: string, code: string, address: string, done: Act }} parts @returns {KioskScreen} */
export function replyScreen({ language, id, code, address, done }) {
  return {
    name: 'reply',
    language,
    content: [element('div', { class: 'kiosk-reply', 'data-answer': id },
      qrPicture(address, say(language, 'reply_qr')),
      element('div', { class: 'kiosk-reply-words' },
        drawing('tick', 'kiosk-tick'),
        heading(say(language, 'thanks')),
        element('p', {}, element('strong', {}, say(language, 'reply_scan'))),
        element('p', {}, say(language, 'reply_code'), ' ', element('strong', { id: 'code' }, grouped(code))),
        element('p', { class: 'kiosk-note' }, say(language, 'reply_secret'))))],
    foot: [button(say(language, 'done'), done, { id: 'done' })],
  };
}

/** @param {string} text @param {string} name */
function qrPicture(text, name) {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const picture = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', data.flatMap((line, row) => line.map((dark, column) => (dark ? `M${column} ${row}h1v1h-1z` : ''))).join(''));
  for (const [attribute, value] of Object.entries({ class: 'kiosk-qr', viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': name,
    'shape-rendering': 'crispEdges' })) picture.setAttribute(attribute, value);
  picture.append(path);
  return picture;
}
