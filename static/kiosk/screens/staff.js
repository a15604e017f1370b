// The staff's screens, in Vietnamese: PIN, status and actions, refused answers, and how to leave.
import { button, element, heading } from '../dom.js';
import { DEFAULT_LANGUAGE, say } from '../texts.js';

const NEARLY_FULL = 0.8;
const CLOCK_OFF_MS = 60_000;

/** @param {string} name @param {Values} [values] */
export const staffText = (name, values) => say(DEFAULT_LANGUAGE, name, values);
const tell = staffText;

/** A keypad of its own: kiosks have no keyboard, and the system's would show its own ways out.
 *  @param {{ typed: string, length: number, problem: string | null, press: (digit: string) => unknown, erase: Act, close: Act }} parts
 *  @returns {KioskScreen} */
export function pinScreen({ typed, length, problem, press, erase, close }) {
  const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map((digit) =>
    button(digit, () => press(digit), { quiet: true, 'data-digit': digit }));
  const dots = '●'.repeat(typed.length) + '○'.repeat(length - typed.length);
  const screen = {
    name: 'pin',
    language: DEFAULT_LANGUAGE,
    isQuick: true,
    content: [
      heading(tell('pin_title')),
      element('p', { class: 'kiosk-pin', role: 'img', 'aria-label': tell('pin_typed', { n: typed.length, total: length }) }, dots),
      element('p', { class: 'kiosk-problem', role: 'alert' }, problem ?? ''),
      element('div', { class: 'kiosk-keypad' }, ...digits, button('⌫', erase, { quiet: true, 'aria-label': tell('pin_erase') })),
    ],
    foot: [button(tell('close'), close, { quiet: true })],
  };
  return screen;
}

/** @param {{ status: Status, note: string | null, actions: Record<MenuAction, Act> }} parts
 *  @returns {KioskScreen} */
export function menuScreen({ status, note, actions }) {
  return {
    name: 'staff',
    language: DEFAULT_LANGUAGE,
    content: [element('div', { class: 'kiosk-staff' },
      heading(tell('staff_title')),
      note ? element('p', { role: 'status' }, note) : null,
      ...warnings(status).map((text) => element('p', { class: 'kiosk-warning' }, text)),
      statusTable(status),
      troubleList(status.troubles))],
    foot: [
      button(tell('send_now'), actions.send, { id: 'send-now' }),
      button(tell('export'), actions.export, { quiet: true, id: 'export' }),
      status.refused > 0 ? button(tell('refused_show', { n: status.refused }), actions.refused, { quiet: true, id: 'refused' }) : null,
      button(tell('pair_again'), actions.pair, { quiet: true, id: 'pair-again' }),
      button(tell(status.isFullscreen ? 'fullscreen_off' : 'fullscreen_on'), actions.fullscreen, { quiet: true }),
      button(tell('leave'), actions.leave, { quiet: true, id: 'leave' }),
      button(tell('close'), actions.close, { id: 'close' }),
    ].filter((part) => part !== null),
  };
}

/** @param {Status} status */
function warnings({ waiting, isOnline, isRevoked, refused, storage, skew, emptiedAt, diskRefusedAt }) {
  const used = storage.storage_quota ? (storage.storage_used ?? 0) / storage.storage_quota : 0;
  return [
    isRevoked ? tell('warn_revoked') : null,
    !isOnline && !isRevoked ? tell('warn_offline', { n: waiting }) : null,
    diskRefusedAt ? tell('warn_disk', { when: moment(diskRefusedAt) }) : null,
    emptiedAt ? tell('warn_emptied', { when: moment(emptiedAt) }) : null,
    refused > 0 ? tell('warn_refused', { n: refused }) : null,
    used > NEARLY_FULL ? tell('warn_full', { n: Math.round(used * 100) }) : null,
    storage.persisted === false ? tell('warn_not_persisted') : null,
    skew !== null && Math.abs(skew) > CLOCK_OFF_MS ? tell('warn_clock', { n: Math.round(skew / 1000) }) : null,
  ].filter((part) => part !== null);
}

/** @param {Status} status */
function statusTable(status) {
  /** @type {[string, string][]} */
  const rows = [
    ['status_place', status.place ?? '–'],
    ['status_waiting', String(status.waiting)],
    ['status_oldest', moment(status.oldest)],
    ['status_contact', moment(status.lastContact)],
    ['status_storage', storageText(status.storage)],
    ['status_skew', status.skew === null ? '–' : tell('seconds', { n: Math.round(status.skew / 1000) })],
    ['status_version', status.version],
  ];
  return element('table', {}, element('tbody', {}, ...rows.map(([name, value]) =>
    element('tr', { 'data-row': name }, element('th', { scope: 'row' }, tell(name)), element('td', {}, value)))));
}

/** @param {Trouble[]} troubles */
function troubleList(troubles) {
  if (troubles.length === 0) return null;
  const lines = [...troubles].reverse().map(({ at, message }) => element('li', {}, `${moment(at)} ${message}`));
  return element('details', {}, element('summary', {}, tell('troubles', { n: troubles.length })), element('ul', { class: 'kiosk-detail' }, ...lines));
}

/** Answers the server refused, kept apart on the disk until someone has looked at them.
 *  @param {{ records: Refused[], back: Act, retry: Act }} parts @returns {KioskScreen} */
export function refusedScreen({ records, back, retry }) {
  const rows = records.map(({ id, status, problem, answer }) => element('tr', {},
    element('td', {}, moment(answer.answered_at)), element('td', {}, tell(`refused_${status}`)),
    element('td', {}, problem ?? ''), element('td', {}, id.slice(0, 8))));
  return {
    name: 'refused',
    language: DEFAULT_LANGUAGE,
    content: [element('div', { class: 'kiosk-staff' }, heading(tell('refused_title')), element('p', {}, tell('refused_help')),
      element('table', {}, element('tbody', {}, ...rows)))],
    foot: [button(tell('back'), back, { quiet: true }), button(tell('refused_retry'), retry)],
  };
}

/** @param {{ waiting: number, again: Act }} parts @returns {KioskScreen} */
export function leftScreen({ waiting, again }) {
  return {
    name: 'left',
    language: DEFAULT_LANGUAGE,
    content: [element('div', { class: 'kiosk-message' }, heading(tell('left_title')),
      waiting > 0 ? element('p', { class: 'kiosk-warning' }, tell('left_waiting', { n: waiting })) : null,
      element('p', {}, tell('left_help')), button(tell('left_again'), again))],
  };
}

/** @param {StorageState} storage */
function storageText({ storage_used: used, storage_quota: quota }) {
  if (used === undefined || quota === undefined) return '–';
  /** @param {number} bytes */
  const megabytes = (bytes) => (bytes / 1e6).toLocaleString('vi-VN', { maximumFractionDigits: 1 });
  return tell('megabytes', { used: megabytes(used), quota: megabytes(quota) });
}

/** @param {string | number | null} at */
function moment(at) {
  return at === null ? '–' : new Date(at).toLocaleString('vi-VN', { dateStyle: 'short', timeStyle: 'medium' });
}
