// Small helpers to make elements. Text is always text: nothing here parses HTML.

const SVG = 'http://www.w3.org/2000/svg';

/** An element; attributes that are null or false are left out, functions become event listeners.
 *  @template {keyof HTMLElementTagNameMap} Tag
 *  @param {Tag} tag
 *  @param {Attributes} attributes
 *  @param {...(Node | string | null | undefined)} children */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The screen's heading; it takes the focus, so that a screen reader starts there.
 *  @param {string} text @param {Attributes} attributes */
export function heading(text, attributes = {}) {
  return element('h1', { tabindex: -1, ...attributes }, text);
}

/** A large button.
 *  @param {string | Node} text @param {EventListener | null} press @param {Attributes & { quiet?: boolean }} look */
export function button(text, press, { quiet = false, ...attributes } = {}) {
  const look = quiet ? 'kiosk-button kiosk-button-quiet' : 'kiosk-button';
  return element('button', { type: 'button', class: look, click: press, ...attributes }, text);
}

/** One of the five drawn faces, as decoration beside its words.
 *  @param {number} value */
export function face(value) {
  return drawing(`face-${value}`, `face rating-${value}`);
}

/** A symbol of the page's sprite, as decoration.
 *  @param {string} symbol @param {string} look */
export function drawing(symbol, look) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', look);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#${symbol}`);
  svg.append(use);
  return svg;
}
