// How wrong this device's clock is, now and when each answer was given.
//
// A stretch of time in which nobody set the clock is a segment; every answer remembers its segment. Contact with the
// server measures the skew (device minus server) of the present segment. When the clock is set while the page runs,
// the monotonic clock tells by how much it jumped, which carries the measured skew over to the segment before.
import { CLOCKS } from './database.js';

const JUMP_MS = 5_000;
const SURELY_SET_MS = 7 * 24 * 3600_000;
const WORTH_SAVING_MS = 2_000;
const TOLERANCE_MS = 60_000;
const MOST_GUESSES = 8;

export class Clock {
  /** `source` gives {wall(), monotonic(), awake()}: `awake` tells whether the machine cannot have slept since last asked.
   *  `onDisk` is called with the error when the disk refuses: the clock goes on in memory.
   *  @param {Settings} settings
   *  @param {TimeSource} source
   *  @param {(problem: unknown) => void} onDisk */
  constructor(settings, source, onDisk = () => {}) {
    this.settings = settings;
    this.source = source;
    this.onDisk = onDisk;
    this.name = `${CLOCKS}${crypto.randomUUID()}`;
    this.wall = 0;
    this.monotonic = 0;
    /** @type {number | null} */
    this.floor = null;
    /** @type {Segment[]} */
    this.segments = [];
  }

  /** Begin, knowing when the server was last heard of: a clock that shows less than that has lost its time. */
  async start() {
    this.floor = (await this.settings.get('last_server_time')) ?? null;
    this.mark();
    await this.begin();
  }

  /** The stretch of time the clock is in. There is one from `start` on. */
  get present() {
    return /** @type {Segment} */ (this.segments.at(-1));
  }

  get segment() {
    return `${this.name}/${this.segments.length - 1}`;
  }

  /** What an answer given now must carry with it, to be dated right whenever it is sent. */
  reading() {
    return { name: this.name, segment: this.segment, segments: this.segments };
  }

  /** Notice whether the clock was set since the last look. Call it often. */
  async look() {
    const jump = this.source.wall() - this.wall - (this.source.monotonic() - this.monotonic);
    const awake = this.source.awake();
    this.mark();
    if (Math.abs(jump) <= JUMP_MS) return;
    // A machine that slept looks the same as one whose clock was put forward, unless it cannot have slept.
    const maySleep = jump > 0 && jump < SURELY_SET_MS && !awake;
    Object.assign(this.present, { jump, maySleep });
    await this.begin();
  }

  /** The server said what time it was while a request of `tookMs` was under way.
   *  @param {string} serverTime @param {number} tookMs */
  async heard(serverTime, tookMs) {
    await this.look();
    const server = Date.parse(serverTime) + tookMs / 2;
    if (Number.isNaN(server)) return;
    const segment = this.present;
    const skew = this.source.wall() - server;
    const known = segment.skew;
    segment.skew = skew;
    this.floor = server;
    if (known === null || Math.abs(known - skew) > WORTH_SAVING_MS) await this.save();
    await this.keep('last_server_time', server);
  }

  /** The measured skew in ms, null before the first contact. */
  get skew() {
    return this.present.skew;
  }

  /** {offsets, uncertain}: seconds by which answers of earlier segments must be moved, by answer id, and the ids of those
   *  whose date no contact vouches for. Answers of the present segment need neither.
   *  @param {Waiting[]} records */
  async corrections(records) {
    return this.correctionsForFile(records.filter(({ segment }) => segment !== this.segment));
  }

  /** The same for every answer of a file, which will be read at some other time.
   *  @param {Waiting[]} records */
  async correctionsForFile(records) {
    const sessions = new Map([[this.name, this.segments]]);
    const { skew } = this;
    const present = { skew, now: skew === null ? Infinity : this.source.wall() - skew };
    /** @type {Record<string, number>} */
    const offsets = {};
    /** @type {string[]} */
    const uncertain = [];
    for (const { id, segment, answer } of records) {
      const [name = '', number] = segment.split('/');
      const segments = sessions.get(name) ?? (await this.settings.get(name)) ?? [];
      sessions.set(name, segments);
      const found = bestSkew(segments, Number(number), Date.parse(answer.answered_at), present);
      offsets[id] = -found.skew / 1000;
      if (!found.isCertain) uncertain.push(id);
    }
    return { offsets, uncertain };
  }

  mark() {
    this.wall = this.source.wall();
    this.monotonic = this.source.monotonic();
  }

  async begin() {
    this.segments.push({ began: this.wall, floor: this.floor, skew: null, jump: null, maySleep: false });
    await this.save();
  }

  save() {
    return this.keep(this.name, structuredClone(this.segments));
  }

  /** @param {string} name @param {unknown} value */
  async keep(name, value) {
    try {
      await this.settings.put(name, value);
    } catch (problem) {
      this.onDisk(problem);
    }
  }
}

/** The skew (device minus server) under which an answer given at device time `wall` makes most sense.
 *
 *  Known or carried over from a neighbour, else as at present, else none - the first that puts the answer between the
 *  last contact before it and now. If none does, the clock had lost its time: the answer came right after that contact.
 *
 *  Certain is only what a contact of the same session vouches for, and in one way only; or what lies between two
 *  contacts that leave no room. Between two sessions somebody may have set the clock, and nothing would tell.
 *  @param {Segment[]} segments @param {number} number @param {number} wall
 *  @param {{ skew: number | null, now: number }} present */
export function bestSkew(segments, number, wall, { skew, now }) {
  const floor = segments[number]?.floor ?? -Infinity;
  /** @param {number} tried */
  const isPossible = (tried) => wall - tried >= floor - TOLERANCE_MS && wall - tried <= now + TOLERANCE_MS;
  const measured = skewsOf(segments, number);
  const candidates = [...measured, ...(skew === null ? [] : [skew]), 0];
  const best = candidates.find(isPossible) ?? (floor === -Infinity ? candidates[0] : wall - floor);
  const possible = measured.filter(isPossible);
  const isVouchedFor = possible.length > 0 && possible.every((other) => Math.abs(other - best) <= TOLERANCE_MS);
  return { skew: best, isCertain: isVouchedFor || now - floor <= TOLERANCE_MS };
}

/** What the skew of a segment may have been, the likeliest first.
 *  @param {Segment[]} segments @param {number} number @returns {number[]} */
function skewsOf(segments, number) {
  const own = segments[number];
  if (!own) return [];
  return own.skew === null ? [...fromAfter(segments, number), ...fromBefore(segments, number)] : [own.skew];
}

/** @param {Segment[]} segments @param {number} number @returns {number[]} */
function fromAfter(segments, number) {
  const { jump, maySleep } = segments[number];
  const next = segments[number + 1];
  if (!next || jump === null) return [];
  const known = next.skew === null ? fromAfter(segments, number + 1) : [next.skew];
  return known.flatMap((skew) => acrossJump(skew, -jump, maySleep)).slice(0, MOST_GUESSES);
}

/** @param {Segment[]} segments @param {number} number @returns {number[]} */
function fromBefore(segments, number) {
  const last = segments[number - 1];
  if (!last || last.jump === null) return [];
  const { jump, maySleep } = last;
  const known = last.skew === null ? fromBefore(segments, number - 1) : [last.skew];
  return known.flatMap((skew) => acrossJump(skew, jump, maySleep)).slice(0, MOST_GUESSES);
}

/** Set by `jump`, or slept: without knowing, believe first that the clock was as right as it can have been.
 *  @param {number} skew @param {number} jump @param {boolean} maySleep */
function acrossJump(skew, jump, maySleep) {
  return maySleep ? [skew, skew + jump].sort((one, other) => Math.abs(one) - Math.abs(other)) : [skew + jump];
}

/** The machine's clocks; `awake` is known only while a screen wake lock has been held without a break. */
export class MachineClock {
  constructor() {
    /** @type {WakeLockSentinel | null} */
    this.lock = null;
    this.unbroken = false;
    const ask = () => document.visibilityState === 'visible' && this.askToStayAwake();
    document.addEventListener('visibilitychange', ask);
    ask();
  }

  wall() {
    return Date.now();
  }

  monotonic() {
    return performance.now();
  }

  awake() {
    const was = this.unbroken;
    this.unbroken = this.lock !== null;
    return was && this.unbroken;
  }

  async askToStayAwake() {
    if (this.lock || !navigator.wakeLock) return;
    try {
      this.lock = await navigator.wakeLock.request('screen');
    } catch {
      return; // the system refuses (battery saver): then nothing proves that we were awake
    }
    this.lock.addEventListener('release', () => {
      this.lock = null;
      this.unbroken = false;
    });
  }
}
