// Pairing. Staff read these, in Vietnamese.
import { button, element, heading } from '../dom.js';
import { DEFAULT_LANGUAGE, say } from '../texts.js';

const CODE_LENGTH = 8;
/** @param {string} name @param {Values} [values] */
export const tell = (name, values) => say(DEFAULT_LANGUAGE, name, values);

/** Asks for the code; `pair(code)` resolves to {counter, pin} or throws what to show.
 *  @template Paired
 *  @param {{ pair: (code: string) => Promise<Paired>, paired: (paired: Paired) => unknown, cancel?: Act | null }} parts
 *  @returns {KioskScreen} */
export function pairScreen({ pair, paired, cancel = null }) {
  return {
    name: 'pair',
    language: DEFAULT_LANGUAGE,
    content: [heading(tell('pair_title')), element('p', {}, tell('pair_help')),
      codeForm({ action: tell('pair_button'), send: pair, done: paired })],
    foot: cancel ? [button(tell('back'), cancel, { quiet: true })] : [],
  };
}

/** A field for the code: `send(code)` resolves to what `done` gets, or throws what to show.
 *  @template Given
 *  @param {{ action: string, send: (code: string) => Promise<Given>, done: (given: Given) => unknown }} parts */
export function codeForm({ action, send, done }) {
  const problem = element('p', { class: 'kiosk-problem', id: 'pair-problem', role: 'alert', hidden: true });
  const input = element('input', { id: 'code', name: 'code', autocomplete: 'off', autocapitalize: 'characters',
    spellcheck: 'false', maxlength: 12, 'aria-describedby': 'pair-problem' });
  const submit = button(action, null, { type: 'submit' });
  return element('form', { class: 'kiosk-field', novalidate: true, submit: (event) => {
    event.preventDefault();
    redeem({ input, problem, submit, send, done });
  } }, element('label', { for: 'code' }, tell('pair_code')), input, problem, submit);
}

/** @template Given
 *  @param {{ input: HTMLInputElement, problem: HTMLElement, submit: HTMLButtonElement,
 *    send: (code: string) => Promise<Given>, done: (given: Given) => unknown }} parts */
async function redeem({ input, problem, submit, send, done }) {
  const code = input.value.replace(/[\s-]/g, '').toUpperCase();
  /** @param {string} text */
  const complain = (text) => {
    problem.textContent = text;
    problem.hidden = false;
    input.focus();
  };
  if (code.length !== CODE_LENGTH) {
    complain(tell('pair_missing'));
    return;
  }
  submit.disabled = true;
  try {
    done(await send(code));
  } catch (error) {
    // fetch reports every failure to reach the server as a TypeError or a timeout.
    const { name, message } = /** @type {Error} */ (error);
    complain(error instanceof TypeError || name === 'TimeoutError' ? tell('pair_unreachable') : message);
  } finally {
    submit.disabled = false;
  }
}

/** The PIN is shown once, here; afterwards only its hash exists.
 *  @param {{ counter: string, pin: string, go: Act }} parts @returns {KioskScreen} */
export function pairedScreen({ counter, pin, go }) {
  return {
    name: 'paired',
    language: DEFAULT_LANGUAGE,
    content: [element('div', { class: 'kiosk-message' }, heading(tell('paired_title', { counter })),
      element('p', { class: 'kiosk-pin' }, tell('paired_pin', { pin })), element('p', {}, tell('paired_help')),
      button(tell('paired_go'), go))],
  };
}
