// What a citizen sees, one decision a screen. Each function gives {name, language, content, foot} for the view.
import { button, drawing, element, face, heading } from '../dom.js';
import { spoken } from '../sounds.js';
import { say, speaks } from '../texts.js';
import { listenButton, restartButton } from './parts.js';

const SCALE = [1, 2, 3, 4, 5];
const CHOICES_A_SCREEN = 6;
const LONG_LABEL = 70;

/** Idle: the first question, or an invitation where the service must be known first; and the languages.
 *  @param {{ language: string, config: Config, question: KioskScreen | null, begin: Act,
 *    changeLanguage: (language: string) => unknown }} parts
 *  @returns {KioskScreen} */
export function startScreen({ language, config, question, begin, changeLanguage }) {
  const languages = config.languages.filter((code) => code !== language && speaks(code)).map((code) =>
    button(config.language_names[code] ?? code, () => changeLanguage(code), { quiet: true, lang: code }));
  const [, noOpinion] = question?.foot ?? [];
  const speech = question?.speech ?? spoken(language, [{ text: 'start' }]);
  const listen = question ? null : listenButton(language, speech);
  return {
    name: 'start',
    language,
    speech,
    content: question
      ? [element('div', { class: 'kiosk-ask', id: 'start' }, ...question.content)]
      : [heading(say(language, 'title'), { class: 'visually-hidden' }), invitation(language, begin)],
    foot: [
      element('span', { class: 'kiosk-note' }, say(language, 'anonymous')),
      ...[noOpinion, listen].filter((part) => part instanceof Node),
      element('span', { class: 'kiosk-languages', role: 'group', 'aria-label': say(language, 'choose_language') }, ...languages),
    ],
  };
}

/** @param {string} language @param {Act} begin */
function invitation(language, begin) {
  const faces = element('span', { class: 'kiosk-faces', 'aria-hidden': 'true' }, ...SCALE.map(face));
  return element('button', { type: 'button', class: 'kiosk-start', id: 'start', click: begin }, faces,
    element('strong', {}, say(language, 'start')));
}

/** One choice out of many, a screenful at a time; `other` is always offered. `title` and `other` are names of texts.
 *  @template Value
 *  @param {{ language: string, title: string, choices: { label: string, value: Value }[], page: number, other: string,
 *    choose: (value: Value | null) => unknown, turn: (page: number) => unknown, back?: Act | null, restart: Act }} parts
 *  @returns {KioskScreen} */
export function choiceScreen({ language, title, choices, page, other, choose, turn, back, restart }) {
  const pages = Math.ceil(choices.length / CHOICES_A_SCREEN);
  const shown = choices.slice(page * CHOICES_A_SCREEN, (page + 1) * CHOICES_A_SCREEN);
  const buttons = shown.map(({ label, value }) => choiceButton(label, () => choose(value)));
  const otherButton = button(say(language, other), () => choose(null), { quiet: true });
  const speech = spoken(language, [{ text: title }, ...shown.map(({ label }, at) => ({ text: { vi: label }, mark: buttons[at] })),
    { text: other, mark: otherButton }]);
  const more = pages > 1 ? button(say(language, 'more_choices'), () => turn((page + 1) % pages), { quiet: true }) : null;
  return {
    name: 'choice',
    language,
    speech,
    content: [element('div', { class: 'kiosk-progress' }, listenButton(language, speech)), heading(say(language, title)), element('div', { class: 'kiosk-choices kiosk-pressable' }, ...buttons)],
    foot: [
      back ? button(say(language, 'back'), back, { quiet: true }) : restartButton(language, restart),
      more,
      otherButton,
    ].filter((part) => part !== null),
  };
}

/** @param {string} label @param {Act} press */
function choiceButton(label, press) {
  const long = label.length > LONG_LABEL ? ' kiosk-label-long' : '';
  return button(element('span', { class: `kiosk-label${long}` }, label), press, { quiet: true });
}

/** All overall questions are answered: it sends itself soon; whoever touches may mend it or say more first.
 *  @param {{ language: string, visit: Visit, chooseKind: (kind: string) => unknown, send: Act, more: Act, write: Act,
 *    mend: Act }} parts
 *  @returns {KioskScreen} */
export function readyScreen({ language, visit, chooseKind, send, more, write, mend }) {
  const optional = visit.optionalItems.length;
  return {
    name: 'ready',
    language,
    speech: spoken(language, [{ text: 'ready' }]),
    content: [
      heading(say(language, 'ready')),
      element('p', { id: 'sending', class: 'kiosk-sending', role: 'timer' }),
      visit.asksKind ? kindChoice(language, visit.kind, chooseKind) : null,
      element('div', { class: 'kiosk-actions kiosk-pressable' },
        button(say(language, 'send'), send, { id: 'send', class: 'kiosk-button kiosk-button-large' }),
        element('div', { class: 'kiosk-more' },
          optional ? button(say(language, 'answer_more', { n: optional }), more, { quiet: true }) : null,
          button(say(language, 'write'), write, { quiet: true, id: 'write' }))),
    ].filter((part) => part !== null),
    foot: [button(say(language, 'mend'), mend, { quiet: true, id: 'mend' })],
  };
}

/** @param {string} language @param {string | null} chosen @param {(kind: string) => unknown} choose */
function kindChoice(language, chosen, choose) {
  /** @param {string} kind @returns {HTMLButtonElement} */
  const option = (kind) => {
    const made = button(say(language, `kind_${kind}`), () => {
      choose(kind);
      for (const other of group.querySelectorAll('button')) other.setAttribute('aria-pressed', String(other === made));
    }, { quiet: true, 'aria-pressed': String(chosen === kind) });
    return made;
  };
  const group = element('div', { class: 'kiosk-kinds kiosk-pressable', role: 'group', 'aria-labelledby': 'kind' },
    element('p', { id: 'kind' }, say(language, 'kind_question')), option('individual'), option('organisation'));
  return group;
}

/** Shown only once the answer is on this device's disk.
 *  @param {{ language: string, id: string }} parts @returns {KioskScreen} */
export function thanksScreen({ language, id }) {
  return {
    name: 'thanks',
    language,
    speech: spoken(language, [{ text: 'thanks_recorded' }]),
    content: [element('div', { class: 'kiosk-message', 'data-answer': id }, drawing('tick', 'kiosk-tick'), heading(say(language, 'thanks')),
      element('p', {}, say(language, 'thanks_recorded')))],
  };
}

/** The disk refused the answer: nobody is thanked.
 *  @param {{ language: string, again: Act, restart: Act }} parts @returns {KioskScreen} */
export function notSavedScreen({ language, again, restart }) {
  return {
    name: 'not-saved',
    language,
    content: [element('div', { class: 'kiosk-message', role: 'alert' }, heading(say(language, 'not_saved')),
      element('p', {}, say(language, 'not_saved_help')), button(say(language, 'try_again'), again))],
    foot: [restartButton(language, restart)],
  };
}

/** Nothing to do here now: closed, revoked, nothing to ask, still waiting.
 *  @param {{ language: string, name: string, title: string, lines?: string[], actions?: Element[] }} parts
 *  @returns {KioskScreen} */
export function messageScreen({ language, name, title, lines = [], actions = [] }) {
  return {
    name,
    language,
    content: [element('div', { class: 'kiosk-message' }, heading(title), ...lines.map((line) => element('p', {}, line)), ...actions)],
  };
}
