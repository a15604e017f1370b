// What is shown when the browser cannot be a kiosk: to citizens that nobody is asked here, to staff what is missing.
import { element, heading } from '../dom.js';
import { DEFAULT_LANGUAGE } from '../texts.js';
import { codeForm, tell } from './pairing.js';

/** `parts`: names of texts; `tell(code)`, if given, reports that it cannot be paired and resolves to what to show.
 *  @param {Lack & { isPaired?: boolean, tell?: ((code: string) => Promise<string>) | null }} parts
 *  @returns {KioskScreen} */
export function missingScreen({ parts, detail = null, isPaired = false, tell: report = null }) {
  return {
    name: 'missing',
    language: DEFAULT_LANGUAGE,
    content: [heading(tell(isPaired ? 'out_of_service' : 'missing_title')),
      isPaired ? element('p', {}, tell('out_of_service_help')) : null,
      element('ul', { class: 'kiosk-list' }, ...parts.map((name) => element('li', {}, tell(name)))),
      element('p', {}, tell(isPaired ? 'missing_told' : 'missing_help')),
      detail ? element('p', { class: 'kiosk-detail' }, detail) : null,
      report ? tellForm(report) : null].filter((part) => part !== null),
  };
}

/** @param {(code: string) => Promise<string>} report */
function tellForm(report) {
  /** @type {HTMLElement} */
  const place = element('div', {}, codeForm({
    action: tell('missing_tell'),
    send: report,
    done: (words) => place.replaceChildren(element('p', { role: 'status' }, words)),
  }));
  return place;
}
