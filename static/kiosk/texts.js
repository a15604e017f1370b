// The shell's texts travel with the page, in every language.

export const DEFAULT_LANGUAGE = 'vi';
/** @type {Record<string, Words>} */
const texts = JSON.parse(document.getElementById('texts')?.textContent ?? '{}');

/** Whether this shell has a language's texts: a configuration may know one sooner.
 *  @param {string} language */
export function speaks(language) {
  return language in texts;
}

/** A text in a language (Vietnamese where there is no translation), with its {placeholders} filled in; {n:second|seconds}
 *  is the word for that many.
 *  @param {string} language @param {string} name @param {Values} values */
export function say(language, name, values = {}) {
  const text = texts[language]?.[name] ?? texts[DEFAULT_LANGUAGE]?.[name] ?? name;
  const worded = text.replace(/\{(\w+):([^|}]*)\|([^}]*)\}/g, (_whole, key, single, many) => (
    Number(values[key]) === 1 ? single : many));
  return worded.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** A text that comes by language, as in a questionnaire: {"vi": …, "en": …}.
 *  @param {Words} text @param {string} language */
export function inLanguage(text, language) {
  return text[language] ?? text[DEFAULT_LANGUAGE] ?? '';
}
