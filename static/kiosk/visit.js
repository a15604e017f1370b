// One citizen's visit: what was chosen so far, and the answer made of it. A new citizen gets a new visit, nothing else.

import { markOf, newCode } from './reply.js';
import { isKnown } from './widgets/widgets.js';

export class Visit {
  /** @param {Config} config @param {string} language */
  constructor(config, language) {
    this.config = config;
    this.language = language;
    this.id = crypto.randomUUID();
    /** @type {Service | null} */
    this.service = null;
    /** @type {Record<string, AnswerValue>} */
    this.answers = {};
    /** @type {string | null} */
    this.kind = null;
    this.words = '';
    this.wantsReply = false;
    /** @type {string | null} */
    this.code = null; // by which they read the reply: shown once, kept nowhere
    /** @type {Answer | null} */
    this.made = null;
    /** @type {{ item: Item, value: AnswerValue | null } | null} */
    this.held = null; // what stands on the screen and was not taken yet
    this.serviceAsked = false;
    this.leaving = false; // on its way to the disk: it is kept once
    const [first = null, ...others] = config.services;
    this.chooseService(others.length === 0 ? first : null);
  }

  /** The service decides the questionnaire; without one it is the counter's commonest.
   *  @param {Service | null} service */
  chooseService(service) {
    this.service = service;
    const codes = new Set(this.questionnaire.definition.items.map(({ code }) => code));
    this.answers = Object.fromEntries(Object.entries(this.answers).filter(([code]) => codes.has(code)));
  }

  /** What is asked; a visit begins only where there is something to ask. */
  get questionnaire() {
    return this.questionnaireFor(this.service);
  }

  /** @param {Service | null} service */
  questionnaireFor(service) {
    const { questionnaires } = this.config;
    const found = service && (questionnaires.find(({ services }) => services?.includes(service.code))
      ?? questionnaires.find(({ sector }) => sector === service.sector));
    return /** @type {Questionnaire} */ (found ?? questionnaires[0]);
  }

  /** Whether the same is asked whatever the service: then it can be asked before the service is known. */
  get hasOneQuestionnaire() {
    return new Set(this.config.services.map((service) => this.questionnaireFor(service))).size <= 1;
  }

  get overallItems() {
    return this.askedItems.filter((item) => item.subject);
  }

  get optionalItems() {
    return this.askedItems.filter((item) => !item.subject);
  }

  /** What is asked: items the kiosk can draw, and of the follow-ups those that the answers so far call for. */
  get askedItems() {
    return this.questionnaire.definition.items.filter((item) => isKnown(item) && this.isCalledFor(item));
  }

  /** @param {Item} item */
  isCalledFor({ shown_if: condition }) {
    if (!condition) return true;
    const given = this.answers[condition.item];
    return typeof given === 'number' && condition.values.includes(given);
  }

  /** Administration tells persons from organisations, and questionnaires that say so. */
  get asksKind() {
    return this.questionnaire.sector === 'administration' || this.questionnaire.definition.asks_kind === true;
  }

  /** Keep an answer, or none; follow-ups that it no longer calls for go with it.
   *  @param {Item} item @param {AnswerValue | null} value */
  rate(item, value) {
    this.held = null;
    if (value === null) delete this.answers[item.code];
    else this.answers[item.code] = value;
    for (const other of this.questionnaire.definition.items) {
      if (other.shown_if?.item === item.code && !this.isCalledFor(other)) delete this.answers[other.code];
    }
  }

  /** Take what stands on the screen. */
  takeHeld() {
    if (this.held) this.rate(this.held.item, this.held.value);
  }

  /** Ways off a screen: whoever sends or goes back means what stands there, whoever skips does not.
   *  @param {{ back?: Act | null, skip?: Act, send?: Act }} ways */
  taking({ back, skip, send }) {
    /** @param {Act} go */
    const taking = (go) => () => {
      this.takeHeld();
      return go();
    };
    return { back: back && taking(back), skip, send: send && taking(send) };
  }

  /** Whether there is something to keep: one overall question answered is a complete answer. */
  get isRated() {
    return this.overallItems.some(({ code }) => code in this.answers);
  }

  /** Draw the code of who wants a reply to their words; gives what the server learns of it. */
  async askForReply() {
    if (!this.words || !this.wantsReply) return null;
    this.code ??= newCode();
    return markOf(this.code);
  }

  /** The answer as the server takes it. Made once: tried again, it must be the same to the letter.
   *  @param {number} now @param {VisitEnd} [options] */
  answer(now, options) {
    this.made ??= this.toAnswer(now, options);
    return this.made;
  }

  /** @param {number} now @param {VisitEnd} [options] @returns {Answer} */
  toAnswer(now, { partial = false, reply = null } = {}) {
    if (partial && Array.isArray(this.held?.value)) this.takeHeld(); // touched; what was half typed is nobody's answer
    return {
      id: this.id,
      questionnaire: this.questionnaire.key,
      version: this.questionnaire.version,
      counter: this.config.counter,
      service: this.service?.code ?? null,
      respondent_kind: this.kind,
      language: this.language,
      answered_at: new Date(now).toISOString(),
      answers: { ...this.answers },
      comment: partial ? null : this.words || null, // what nobody sent is not theirs to be read
      ...(reply ? { reply } : {}),
      ...(partial ? { partial: true } : {}),
    };
  }
}
