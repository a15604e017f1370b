// Pairing, and what is shown when the browser cannot be a kiosk. Staff read these, in Vietnamese.
import { button, element, heading } from '../dom.js';
import { DEFAULT_LANGUAGE, say } from '../texts.js';

const CODE_LENGTH = 8;
const tell = (name, values) => say(DEFAULT_LANGUAGE, name, values);

/** Asks for the code; `pair(code)` resolves to {counter, pin} or throws what to show. */
export function pairScreen({ pair, paired, cancel = null }) {
  const problem = element('p', { class: 'kiosk-problem', id: 'pair-problem', role: 'alert', hidden: true });
  const input = element('input', { id: 'code', name: 'code', autocomplete: 'off', autocapitalize: 'characters',
    spellcheck: 'false', maxlength: 12, 'aria-describedby': 'pair-problem' });
  const submit = button(tell('pair_button'), null, { type: 'submit' });
  const form = element('form', { class: 'kiosk-field', novalidate: true, submit: (event) => {
    event.preventDefault();
    redeem({ input, problem, submit, pair, paired });
  } }, element('label', { for: 'code' }, tell('pair_code')), input, problem, submit);
  return {
    name: 'pair',
    language: DEFAULT_LANGUAGE,
    content: [heading(tell('pair_title')), element('p', {}, tell('pair_help')), form],
    foot: cancel ? [button(tell('back'), cancel, { quiet: true })] : [],
  };
}

async function redeem({ input, problem, submit, pair, paired }) {
  const code = input.value.replace(/[\s-]/g, '').toUpperCase();
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
    paired(await pair(code));
  } catch (error) {
    // fetch reports every failure to reach the server as a TypeError or a timeout.
    complain(error instanceof TypeError || error.name === 'TimeoutError' ? tell('pair_unreachable') : error.message);
  } finally {
    submit.disabled = false;
  }
}

/** The PIN is shown once, here; afterwards only its hash exists. */
export function pairedScreen({ counter, pin, go }) {
  return {
    name: 'paired',
    language: DEFAULT_LANGUAGE,
    content: [element('div', { class: 'kiosk-message' }, heading(tell('paired_title', { counter })),
      element('p', { class: 'kiosk-pin' }, tell('paired_pin', { pin })), element('p', {}, tell('paired_help')),
      button(tell('paired_go'), go))],
  };
}

/** Says what is missing before this browser may promise to lose nothing. */
export function missingScreen({ parts, detail = null }) {
  return {
    name: 'missing',
    language: DEFAULT_LANGUAGE,
    content: [heading(tell('missing_title')),
      element('ul', { class: 'kiosk-list' }, ...parts.map((name) => element('li', {}, tell(name)))),
      element('p', {}, tell('missing_help')),
      detail ? element('p', { class: 'kiosk-detail' }, detail) : null].filter(Boolean),
  };
}
