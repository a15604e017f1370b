// One citizen's visit: what was chosen so far, and the answer made of it. A new citizen gets a new visit, nothing else.

export class Visit {
  constructor(config, language) {
    this.config = config;
    this.language = language;
    this.id = crypto.randomUUID();
    this.service = null;
    this.answers = {};
    this.kind = null;
    this.made = null;
    if (config.services.length === 1) this.chooseService(config.services[0]);
    else this.chooseService(null);
  }

  /** The service decides the questionnaire; without one it is the counter's commonest. */
  chooseService(service) {
    const questionnaires = this.config.questionnaires;
    this.service = service;
    this.questionnaire = questionnaires.find(({ sector }) => sector === service?.sector) ?? questionnaires[0];
    const codes = new Set(this.questionnaire.definition.items.map(({ code }) => code));
    this.answers = Object.fromEntries(Object.entries(this.answers).filter(([code]) => codes.has(code)));
  }

  get overallItems() {
    return this.ratedItems.filter((item) => item.subject);
  }

  get optionalItems() {
    return this.ratedItems.filter((item) => !item.subject);
  }

  /** What the kiosk can draw: items answered with a face. */
  get ratedItems() {
    return this.questionnaire.definition.items.filter((item) => item.type === 'rating');
  }

  /** Only administration tells persons from organisations. */
  get asksKind() {
    return this.questionnaire.sector === 'administration';
  }

  rate(item, value) {
    this.answers[item.code] = value;
  }

  /** Whether there is something to keep: one overall question answered is a complete answer. */
  get isRated() {
    return this.overallItems.some(({ code }) => code in this.answers);
  }

  /** The answer as the server takes it. Made once: tried again, it must be the same to the letter. */
  answer(now, options) {
    this.made ??= this.toAnswer(now, options);
    return this.made;
  }

  toAnswer(now, { partial = false } = {}) {
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
      comment: null,
      ...(partial ? { partial: true } : {}),
    };
  }
}
