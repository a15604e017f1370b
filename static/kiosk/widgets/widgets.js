// How each type of item is answered on a kiosk. A type this version does not know is not asked: an older kiosk goes on
// working when a questionnaire brings a new one.
import { multiple, single } from './choices.js';
import { field, number } from './typed.js';

/** @type {Map<string, (parts: WidgetParts) => HTMLElement[]>} */
const WIDGETS = new Map([
  ['single', single],
  ['points', single],
  ['yes_no', single],
  ['multiple', multiple],
  ['number', number],
  ['date', field],
  ['short_text', field],
  ['long_text', field],
]);

/** Whether a kiosk can ask an item.
 *  @param {Item} item */
export function isKnown(item) {
  return item.type === 'rating' || WIDGETS.has(item.type);
}

/** What a citizen touches to answer an item that is not rated with a face.
 *  @param {WidgetParts} parts @returns {HTMLElement[]} */
export function widget(parts) {
  return WIDGETS.get(parts.item.type)?.(parts) ?? [];
}
