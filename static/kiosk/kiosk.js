// The citizen's way through the screens. Each citizen gets a new Visit; nothing of the last one is left.
import { choiceScreen, messageScreen, notSavedScreen, readyScreen, startScreen } from './screens/citizen.js';
import { questionScreen } from './screens/question.js';
import { wordsScreen } from './screens/words.js';
import { Farewell } from './farewell.js';
import { IdleWatch } from './idle.js';
import { hasSounds, isHeard, listen, onListen } from './sounds.js';
import { DEFAULT_LANGUAGE, say } from './texts.js';
import { Visit } from './visit.js';

const SENDS_AFTER_S = 5;
const FEW_SERVICES = 6;

export class Kiosk {
  /** `between` runs whenever the start screen is reached: the moment for new configurations and versions.
   *  @param {{ view: View, device: Device, keep: (visit: Visit, options?: VisitEnd) => Promise<void>,
   *    between: () => Promise<void> }} parts */
  constructor({ view, device, keep, between }) {
    this.view = view;
    this.device = device;
    this.keep = keep;
    this.between = between;
    /** @type {Visit | null} */
    this.visit = null;
    this.resting = false;
    this.language = DEFAULT_LANGUAGE;
    this.idle = new IdleWatch({
      show: (seconds) => view.showCountdown(seconds === null ? null : say(this.language, 'countdown', { n: seconds })),
      leave: () => this.leaveUnattended(),
    });
    this.farewell = new Farewell({ view, leave: () => this.start() });
    onListen(() => this.resting && this.idle.restart()); // who hears and walks away must not leave it speaking
    this.sending = new IdleWatch({
      show: (seconds) => view.showSending(seconds === null ? '' : say(this.language, 'sends_itself', { n: seconds })),
      leave: () => this.finish(),
      after: SENDS_AFTER_S,
    });
  }

  /** Another screen of this visit: what was about to be sent by itself waits again.
   *  @param {KioskScreen} screen */
  show(screen) {
    this.sending.stop();
    this.view.show(screen);
  }

  /** The visit under way: screens that ask are shown only while there is one. */
  get current() {
    return /** @type {Visit} */ (this.visit);
  }

  /** Whether nobody is in the middle of something: the start screen waits, or is about to, untouched. */
  get isResting() {
    return this.resting && this.language === DEFAULT_LANGUAGE && !isHeard();
  }

  /** Something new is there (a configuration, a version): start afresh as soon as nobody is disturbed by it. */
  async refresh() {
    if (this.isResting) await this.start();
  }

  /** Ready for the next citizen, with nothing of the last. */
  async start() {
    this.farewell.stop();
    this.idle.stop();
    this.sending.stop();
    this.visit = null;
    this.language = DEFAULT_LANGUAGE;
    listen(false);
    this.resting = true;
    await this.between();
    // A citizen may have begun on the screen that was there, or staff taken over, while we were looking.
    if (this.resting) this.showStart();
  }

  showStart() {
    const config = this.device.config;
    this.view.directions = config?.language_directions ?? {};
    this.view.showPlace(config ? `${config.counter_name} - ${config.agency_name}` : '');
    const obstacle = this.obstacle(config);
    if (obstacle) {
      this.view.show(messageScreen({ language: this.language, name: obstacle, title: this.say(obstacle) }));
      return;
    }
    const first = new Visit(/** @type {Config} */ (config), this.language); // without one there is an obstacle
    this.view.show(startScreen({
      language: this.language,
      config: first.config,
      question: first.hasOneQuestionnaire ? this.firstQuestion(first) : null,
      begin: () => this.begin(),
      changeLanguage: (language) => {
        this.language = language;
        listen(language !== DEFAULT_LANGUAGE && hasSounds(language)); // who cannot read knows their language by its sound
        this.showStart();
        // A language someone chose and walked away from must not greet the next citizen.
        this.idle.restart();
      },
    }));
  }

  /** The start screen asks at once: the first touch is the first answer.
   *  @param {Visit} visit @returns {KioskScreen} */
  firstQuestion(visit) {
    const [item, ...others] = visit.overallItems;
    return questionScreen({
      ...this.common(),
      item,
      scale: visit.questionnaire.definition.scale,
      number: 1,
      total: others.length + 1,
      chosen: undefined,
      rate: (value) => {
        this.welcome();
        this.current.rate(item, value);
        this.ask(1);
      },
    });
  }

  /** @param {Config | null} config */
  obstacle(config) {
    if (this.device.revoked) return 'revoked';
    if (!config) return 'waiting_config';
    if (!config.open) return 'closed';
    return config.questionnaires.length === 0 ? 'nothing_to_ask' : null;
  }

  /** Somebody is there. */
  welcome() {
    this.resting = false;
    this.visit = new Visit(/** @type {Config} */ (this.device.config), this.language);
    this.idle.restart();
  }

  /** Where the service decides what is asked, it is asked first. */
  begin() {
    this.welcome();
    if (this.current.config.services.length <= 1) this.ask(0);
    else this.askService();
  }

  askService() {
    const { services } = this.current.config;
    if (services.length > FEW_SERVICES && this.fields().length > 1) this.chooseField(0);
    else this.chooseService(services, 0, null);
  }

  fields() {
    return [...new Set(this.current.config.services.flatMap(({ field }) => field || []))];
  }

  /** @param {number} page */
  chooseField(page) {
    const { services } = this.current.config;
    this.show(choiceScreen({
      ...this.common(),
      title: 'choose_field',
      choices: this.fields().map((field) => ({ label: field, value: field })),
      other: 'other_field',
      page,
      turn: (next) => this.chooseField(next),
      choose: (field) => {
        if (field === null) this.serve(null);
        else this.chooseService(services.filter((service) => service.field === field), 0, () => this.chooseField(page));
      },
    }));
  }

  /** @param {Service[]} services @param {number} page @param {Act | null} back */
  chooseService(services, page, back) {
    this.show(choiceScreen({
      ...this.common(),
      title: 'choose_service',
      choices: services.map((service) => ({ label: service.name, value: service })),
      other: 'other_service',
      page,
      back,
      turn: (next) => this.chooseService(services, next, back),
      choose: (service) => this.serve(service),
    }));
  }

  /** @param {Service | null} service */
  serve(service) {
    this.current.chooseService(service);
    this.current.serviceAsked = true;
    if (this.current.isRated) this.afterOverall();
    else this.ask(0);
  }

  /** The overall questions, one by one.
   *  @param {number} index */
  ask(index) {
    const items = this.current.overallItems;
    if (index >= items.length) {
      this.afterOverall();
      return;
    }
    this.showQuestion(items, index, {
      next: () => this.ask(index + 1),
      back: index > 0 ? () => this.ask(index - 1) : null,
    });
  }

  /** One question of several; a touch answers it and goes on to `next`.
   *  @param {Item[]} items @param {number} index @param {{ next: Act, back?: Act | null, skip?: Act, send?: Act }} ways */
  showQuestion(items, index, { next, ...ways }) {
    const item = items[index];
    const visit = this.current;
    visit.held = null;
    this.show(questionScreen({
      ...this.common(),
      item,
      scale: visit.questionnaire.definition.scale,
      number: index + 1,
      total: items.length,
      chosen: visit.answers[item.code],
      rate: (value) => {
        visit.rate(item, value);
        next();
      },
      hold: (value) => { visit.held = { item, value }; },
      ...visit.taking(ways),
    }));
  }

  afterOverall() {
    if (this.current.config.services.length > 1 && !this.current.serviceAsked) this.askService();
    else this.showReady();
  }

  /** It sends itself unless it is touched: whoever walks away has answered. */
  showReady() {
    this.show(readyScreen({
      ...this.common(),
      visit: this.current,
      chooseKind: (kind) => { this.current.kind = kind; },
      send: () => this.finish(),
      more: () => this.askMore(0),
      write: () => this.askWords(),
      mend: () => this.ask(0),
    }));
    this.sending.restart();
  }

  /** The optional items; "Gửi đánh giá" is always at hand.
   *  @param {number} index */
  askMore(index) {
    const items = this.current.optionalItems;
    if (index >= items.length) {
      this.finish();
      return;
    }
    const next = () => this.askMore(index + 1);
    this.showQuestion(items, index, {
      next,
      skip: next,
      back: () => (index > 0 ? this.askMore(index - 1) : this.showReady()),
      send: () => this.finish(),
    });
  }

  /** A few words of one's own; whoever wants a reply gets a code with the thanks. */
  askWords() {
    this.show(wordsScreen({ ...this.common(), visit: this.current, send: () => this.finish(), back: () => this.showReady() }));
  }

  common() {
    return { language: this.language, restart: () => this.start() };
  }

  /** Thanks are said only when the answer is on the disk. */
  async finish() {
    const { visit } = this;
    if (!visit || visit.leaving) return;
    visit.leaving = true;
    try {
      await this.keep(visit, { reply: await visit.askForReply() });
    } catch {
      if (this.visit !== visit) return;
      visit.leaving = false; // `keep` has told the staff's screen; the citizen may try again
      this.show(notSavedScreen({ ...this.common(), again: () => this.finish() }));
      return;
    }
    if (this.visit !== visit) return; // it took so long that the screen went back by itself
    this.idle.stop();
    this.visit = null;
    this.farewell.say(visit);
  }

  /** Staff take over the screen: what was answered is kept, as if the citizen had walked away. */
  async pause() {
    this.farewell.stop();
    this.idle.stop();
    this.sending.stop();
    this.resting = false;
    await this.keepPartial();
    this.visit = null;
  }

  /** Nobody is there any more: keep what was answered as a partial answer, then start afresh. */
  async leaveUnattended() {
    await this.keepPartial();
    await this.start();
  }

  async keepPartial() {
    const { visit } = this;
    if (!visit?.isRated || visit.leaving) return;
    visit.leaving = true;
    try {
      await this.keep(visit, { partial: true });
    } catch {
      return; // `keep` has told the staff's screen; there is nobody to tell here
    }
  }

  /** @param {string} name @param {Values} [values] */
  say(name, values) {
    return say(this.language, name, values);
  }
}
