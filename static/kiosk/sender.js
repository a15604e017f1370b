// Sends the queue: in batches, one tab at a time, again and again with growing pauses. Nothing leaves the queue but on
// the server's word: `stored` and `duplicate` are done, `conflict` and `invalid` are set apart.
import { isRevoked, messageOf } from './server.js';

const BATCH = 200;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const LOOK_AGAIN_MS = 30_000;
const REVOKED_PAUSE_MS = 10 * 60_000;
const DELIVER_MS = 5_000;

export class Sender {
  /** `device` speaks to the server; `onProblem` is called with every error.
   *  @param {{ queue: Queue, device: Device, clock: Clock, onProblem: (problem: unknown) => void }} parts */
  constructor({ queue, device, clock, onProblem }) {
    this.queue = queue;
    this.device = device;
    this.clock = clock;
    this.onProblem = onProblem;
    this.limit = BATCH;
    this.failures = 0;
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {Promise<void> | null} */
    this.current = null;
    this.again = false;
  }

  start() {
    addEventListener('online', () => this.retryNow());
    this.wake();
  }

  /** There may be something to send. While sending fails, its pause is kept. */
  wake() {
    if (this.current) this.again = true;
    else if (this.failures === 0) this.schedule(0);
  }

  /** Try at once, whatever the pause; resolves when a round that began after this call is over. */
  async retryNow() {
    await this.current; // it may have begun before there was a network
    this.failures = 0;
    clearTimeout(this.timer);
    await this.round();
  }

  /** Send one answer past the queue, when the disk refuses it; true on the server's word that it is stored.
   *  @param {Answer} answer */
  async deliver(answer) {
    if (!(await this.device.current())) return false;
    const body = { sent_at: new Date().toISOString(), responses: [answer] };
    const reply = await this.device.call('responses', { body, timeout: DELIVER_MS });
    return ['stored', 'duplicate'].includes(reply.json?.results?.[0]?.status);
  }

  /** @param {number} pause */
  schedule(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.round(), pause);
  }

  round() {
    this.current ??= this.tryOnce().finally(() => { this.current = null; });
    return this.current;
  }

  async tryOnce() {
    this.again = false;
    let pause = LOOK_AGAIN_MS;
    try {
      const isOurTurn = await navigator.locks.request('kiosk-send', { ifAvailable: true }, async (lock) => {
        if (lock) await this.drain();
        return lock !== null;
      });
      this.failures = 0;
      // Another tab is sending, or this page as it was before it was loaded anew: look again soon.
      if (!isOurTurn) pause = FIRST_PAUSE_MS;
      else if (this.again) pause = 0;
    } catch (problem) {
      this.failures += 1;
      pause = problem instanceof Revoked ? REVOKED_PAUSE_MS : pauseAfter(this.failures);
      this.onProblem(problem);
    }
    this.schedule(pause);
  }

  async drain() {
    for (;;) {
      const records = await this.queue.first(this.limit);
      if (records.length === 0) return;
      await this.send(records);
    }
  }

  /** @param {Waiting[]} records */
  async send(records) {
    if (!(await this.device.current())) return;
    await this.clock.look();
    // Answers from before the last restart or clock change can only be dated once the present skew is known.
    if (this.clock.skew === null && records.some(({ segment }) => segment !== this.clock.segment)) {
      await this.post([]);
    }
    const reply = await this.post(records.map(({ answer }) => answer), await this.clock.corrections(records));
    if (reply.status === 200 && Array.isArray(reply.json?.results)) await this.settle(records, reply.json.results);
    else if (isRevoked(reply)) throw new Revoked(messageOf(reply) ?? '401');
    else if (isTooMuch(reply)) await this.shrink(records, reply);
    else throw new Error(`responses: ${reply.status} ${messageOf(reply) ?? ''}`.trim());
    await this.device.accepted();
  }

  /** @param {Answer[]} responses @param {object} corrections */
  async post(responses, corrections = {}) {
    const body = { sent_at: new Date().toISOString(), ...corrections, responses };
    const began = performance.now();
    const reply = await this.device.call('responses', { body });
    if (reply.json?.now) await this.clock.heard(reply.json.now, performance.now() - began);
    return reply;
  }

  /** @param {Waiting[]} records @param {{ id: string, status?: string, problem?: string | null }[]} results */
  async settle(records, results) {
    const words = new Map(results.map((result) => [result.id, result]));
    /** @type {Waiting[]} */
    const stored = [];
    /** @type {Refusal[]} */
    const refused = [];
    for (const record of records) {
      const { status, problem = null } = words.get(record.id) ?? {};
      if (status === 'stored' || status === 'duplicate') stored.push(record);
      else if (status === 'conflict' || status === 'invalid') refused.push({ record, status, problem });
    }
    await this.queue.settle(stored, refused);
    this.limit = BATCH;
    if (stored.length + refused.length === 0) throw new Error('responses: no word on any answer');
  }

  /** A batch the server cannot take is halved; a single answer it cannot take is set apart.
   *  @param {Waiting[]} records @param {Reply} reply */
  async shrink(records, reply) {
    const [record, ...others] = records;
    if (record && others.length === 0) {
      await this.queue.settle([], [{ record, status: 'invalid', problem: messageOf(reply) }]);
      this.limit = BATCH;
      return;
    }
    this.limit = Math.ceil(records.length / 2);
  }
}

/** The server no longer knows this device's key. */
export class Revoked extends Error {}

/** @param {Reply} reply */
function isTooMuch(reply) {
  // 413 may come from a proxy in between; a 400 counts only in our own words.
  return reply.status === 413 || (reply.status === 400 && messageOf(reply) !== null);
}

/** Doubling pauses, up to five minutes, spread at random so that a hundred kiosks do not come back at once.
 *  @param {number} failures */
export function pauseAfter(failures, random = Math.random) {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  return pause * (0.5 + random() / 2);
}
